import { type Person, signedInAdmin } from "./api";
import { expect, expectAccessible, signIn, test } from "./fixtures";

test("an admin invites somebody by a link that works once", async ({ page, browser }) => {
  test.slow();
  const email = `eve-${crypto.randomUUID().slice(0, 8)}@example.org`;
  await signIn(page, await signedInAdmin(), "/users");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("button", { name: "Make the account and a link" }).click();
  const url = await page.getByRole("textbox", { name: "The link" }).inputValue();
  await expect(page.getByText("shown this once")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("textbox", { name: /Search/ }).fill(email);
  await expect(page.getByRole("row", { name: new RegExp(email) })).toContainText("Invited");

  const { pathname, hash } = new URL(url);
  const guest = await (await browser.newContext()).newPage();
  await guest.goto(pathname + hash);
  await expect(guest.getByRole("heading", { name: "Choose a password" })).toBeVisible();
  expect(guest.url()).not.toContain("token");
  expect(
    await guest.evaluate(() =>
      JSON.stringify([history.state, Object.entries(localStorage), Object.entries(sessionStorage)]),
    ),
  ).not.toContain(hash.slice("#token=".length));
  await expectAccessible(guest);
  const choose = async (password: string) => {
    await guest.getByRole("textbox", { name: "New password" }).fill(password);
    await guest.getByRole("textbox", { name: "The same again" }).fill(password);
    await guest.getByRole("button", { name: /Set the password/ }).click();
  };
  await choose("password1234");
  await expect(guest.getByRole("alert")).toContainText("tried first");
  await choose("correct horse battery");
  await expect(guest.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(guest).toHaveURL(/\/$/);

  const late = await (await browser.newContext()).newPage();
  await late.goto(pathname + hash);
  await late.getByRole("textbox", { name: "New password" }).fill("correct horse battery");
  await late.getByRole("textbox", { name: "The same again" }).fill("correct horse battery");
  await late.getByRole("button", { name: /Set the password/ }).click();
  await expect(late.getByRole("alert")).toContainText("used already");
  await late.goto("/accept");
  await expect(late.getByRole("heading", { name: "This link is not whole" })).toBeVisible();
  await expectAccessible(late);
});

test("a disabled user is signed out and cannot come back until enabled", async ({ page, browser, ann }) => {
  const theirs = await (await browser.newContext()).newPage();
  await signIn(theirs, ann, "/account");
  await signIn(page, await signedInAdmin(), "/users");
  await page.getByRole("textbox", { name: /Search/ }).fill(ann.email);
  await page.getByRole("button", { name: `What to do with ${ann.email}` }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("row", { name: new RegExp(ann.email) })).toContainText("Disabled");
  await theirs.goto("/workspaces");
  await expect(theirs.getByRole("status")).toContainText("session is over", { timeout: 20_000 });
  await theirs.getByLabel("E-mail").fill(ann.email);
  await theirs.getByRole("textbox", { name: "Password" }).fill(ann.password);
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.getByRole("alert")).toBeVisible();
  await page.getByRole("button", { name: `What to do with ${ann.email}` }).click();
  await page.getByRole("menuitem", { name: "Let them sign in again" }).click();
  await expect(page.getByRole("row", { name: new RegExp(ann.email) })).toContainText("Can sign in");
  await expectAccessible(page);
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
});

test("the audit log is filtered, and the address keeps the filter", async ({ page, ann }) => {
  await ann.api.POST("/api/v1/workspaces", { body: { name: "Audited" } });
  await signIn(page, await signedInAdmin(), "/users?tab=audit");
  await page.getByRole("combobox", { name: "Who" }).selectOption({ label: ann.email });
  await page.getByRole("combobox", { name: "Did" }).selectOption("workspace.create");
  const log = page.getByRole("region", { name: "Audit log" });
  await expect(log.getByRole("row")).toHaveCount(2);
  await expect(log).toContainText("name: Audited");
  await expectAccessible(page);
  await page.reload();
  await expect(log.getByRole("row")).toHaveCount(2);
  await page.getByRole("combobox", { name: "Did" }).selectOption("dispatch.pause");
  await expect(page.getByRole("heading", { name: "Nothing of that kind was done" })).toBeVisible();
});

test("dispatch shows workers, and a class is paused with a reason and resumed", async ({ page }) => {
  const admin = await signedInAdmin();
  await signIn(page, admin, "/admin/dispatch");
  await expect(page.getByRole("region", { name: "Workers" }).getByRole("row")).not.toHaveCount(0);
  await page.getByRole("button", { name: "Pause" }).last().click();
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Say why: those who wait read it")).toBeVisible();
  await page.getByRole("textbox", { name: "Why" }).fill("More memory is being built in");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("status").filter({ hasText: "More memory is being built in" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("button", { name: "Resume" })).toHaveCount(0);
  const { data } = await admin.api.GET("/api/v1/admin/dispatch");
  expect(data?.paused).toEqual([]);
});

/** A class that stays paused would hold back every test that comes after. */
test.afterEach(async () => {
  const admin = await signedInAdmin();
  const { data } = await admin.api.GET("/api/v1/admin/dispatch");
  for (const { class: name } of data?.paused ?? []) {
    await admin.api.POST("/api/v1/admin/dispatch/{class}/resume", { params: { path: { class: name } } });
  }
});

test("pages for admins tell others so", async ({ page, ann }) => {
  await signIn(page, ann, "/users");
  await expect(page.getByRole("heading", { name: "This page is for admins" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Dispatch" })).toHaveCount(0);
  await expectAccessible(page);
  await page.goto("/admin/dispatch");
  await expect(page.getByRole("heading", { name: "This page is for admins" })).toBeVisible();
});

async function workspaceOf(person: Person, name: string): Promise<string> {
  const { data } = await person.api.POST("/api/v1/workspaces", { body: { name } });
  return data?.id ?? "";
}

test("members come in, change roles and go; others get nothing", async ({ page, browser, ann, bob }) => {
  test.slow();
  const id = await workspaceOf(ann, "Brand team");
  await signIn(page, ann, `/workspaces/${id}`);
  await expect(page.getByText("The last owner stays")).toBeVisible();
  const theirs = await (await browser.newContext()).newPage();
  await signIn(theirs, bob, `/workspaces/${id}`);
  await expect(theirs.getByRole("alert")).toContainText("not a member of");

  await page.getByRole("textbox", { name: "E-mail" }).fill("nobody@example.org");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Nobody here has this address");
  await page.getByRole("textbox", { name: "E-mail" }).fill(bob.email);
  await page.getByRole("combobox", { name: "Role", exact: true }).selectOption("viewer");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("row", { name: new RegExp(bob.email) })).toBeVisible();
  await expectAccessible(page);

  await theirs.reload();
  await expect(theirs.getByText("You are a viewer here")).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Add", exact: true })).toHaveCount(0);
  await expect(theirs.getByRole("button", { name: "Rename" })).toHaveCount(0);
  await expectAccessible(theirs);

  await page.getByRole("combobox", { name: `Role of ${bob.email}` }).selectOption("owner");
  await expect(page.getByText("The last owner stays")).toHaveCount(0);
  await theirs.reload();
  await theirs.getByRole("button", { name: "Rename" }).click();
  await theirs.getByRole("textbox", { name: "Name" }).fill("Brand and field");
  await theirs.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await expect(theirs.getByRole("heading", { level: 1, name: "Brand and field" })).toBeVisible();
  await theirs.getByRole("button", { name: "Leave this workspace" }).click();
  await theirs.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await expect(theirs.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await expect(theirs.getByText("Brand and field")).toHaveCount(0);
});
