import { Outlet, createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import { PageCrashed } from "./PageCrashed";
import { PageNotFound } from "./PageNotFound";
import { patiently } from "./patiently";
import { SignedInLayout } from "./SignedInLayout";

/** A page whose code is loaded when it is first opened, and waited for while the platform is away. */
function lazy<T extends Record<string, unknown>, K extends keyof T & string>(load: () => Promise<T>, name: K) {
  return lazyRouteComponent<T, K>(() => patiently(load), name);
}

/** A search parameter that is text, or nothing. */
function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Only the named search parameters, and only where they are text. */
function texts<K extends string>(...names: readonly K[]) {
  return (search: Record<string, unknown>): Partial<Record<K, string>> => {
    const kept: Partial<Record<K, string>> = {};
    for (const name of names) {
      const value = text(search[name]);
      if (value !== undefined) {
        kept[name] = value;
      }
    }
    return kept;
  };
}

const root = createRootRoute({ component: Outlet, notFoundComponent: PageNotFound, errorComponent: PageCrashed });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: texts("back", "why"),
  component: lazy(() => import("../pages/sign-in/SignInPage"), "SignInPage"),
});
const accept = createRoute({
  getParentRoute: () => root,
  path: "/accept",
  component: lazy(() => import("../pages/sign-in/AcceptLinkPage"), "AcceptLinkPage"),
});
const shared = createRoute({
  getParentRoute: () => root,
  path: "/shared",
  component: lazy(() => import("../pages/shared/SharedPage"), "SharedPage"),
});

// For everybody, signed in or not.
const open = createRoute({
  getParentRoute: () => root,
  id: "open",
  component: lazy(() => import("./OpenLayout"), "OpenLayout"),
});

const status = createRoute({
  getParentRoute: () => open,
  path: "/status",
  component: lazy(() => import("../pages/status/StatusPage"), "StatusPage"),
});

const signedIn = createRoute({ getParentRoute: () => root, id: "signed-in", component: SignedInLayout });

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: lazy(() => import("../pages/overview/OverviewPage"), "OverviewPage"),
});
const datasets = createRoute({
  getParentRoute: () => signedIn,
  path: "/data",
  component: lazy(() => import("../pages/data/DatasetsPage"), "DatasetsPage"),
});
const dataset = createRoute({
  getParentRoute: () => signedIn,
  path: "/data/$id",
  component: lazy(() => import("../pages/data/DatasetPage"), "DatasetPage"),
});
const derive = createRoute({
  getParentRoute: () => signedIn,
  path: "/data/$id/derive",
  // `like`: a version whose recipe to begin with.
  validateSearch: texts("like"),
  component: lazy(() => import("../pages/data/DerivePage"), "DerivePage"),
});
const analyses = createRoute({
  getParentRoute: () => signedIn,
  path: "/analyses",
  validateSearch: texts("state", "agent", "dataset"),
  component: lazy(() => import("../pages/analyses/AnalysesPage"), "AnalysesPage"),
});
const analysis = createRoute({
  getParentRoute: () => signedIn,
  path: "/analyses/$id",
  component: lazy(() => import("../pages/analysis/AnalysisPage"), "AnalysisPage"),
});
const ask = createRoute({
  getParentRoute: () => signedIn,
  path: "/ask",
  // `clone`: an analysis to begin from. `dataset`: what to ask, also instead of the cloned one's.
  validateSearch: texts("clone", "dataset", "agent"),
  component: lazy(() => import("../pages/ask/AskPage"), "AskPage"),
});
const compare = createRoute({
  getParentRoute: () => signedIn,
  path: "/compare",
  validateSearch: texts("left", "right"),
  component: lazy(() => import("../pages/compare/ComparePage"), "ComparePage"),
});
const workspaces = createRoute({
  getParentRoute: () => signedIn,
  path: "/workspaces",
  component: lazy(() => import("../pages/workspaces/WorkspacesPage"), "WorkspacesPage"),
});
const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: "/workspaces/$id",
  component: lazy(() => import("../pages/workspaces/WorkspacePage"), "WorkspacePage"),
});
const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  component: lazy(() => import("../pages/account/AccountPage"), "AccountPage"),
});
const users = createRoute({
  getParentRoute: () => signedIn,
  path: "/users",
  // `tab`: `audit` shows the audit log; the rest are its filters.
  validateSearch: texts("tab", "actor", "action", "target", "since", "until"),
  component: lazy(() => import("../pages/users/UsersPage"), "UsersPage"),
});
const dispatch = createRoute({
  getParentRoute: () => signedIn,
  path: "/admin/dispatch",
  component: lazy(() => import("../pages/dispatch/DispatchPage"), "DispatchPage"),
});
const deployments = createRoute({
  getParentRoute: () => signedIn,
  path: "/deployments",
  validateSearch: texts("state"),
  component: lazy(() => import("../pages/deployments/DeploymentsPage"), "DeploymentsPage"),
});
const deployment = createRoute({
  getParentRoute: () => signedIn,
  path: "/deployments/$id",
  component: lazy(() => import("../pages/deployments/DeploymentPage"), "DeploymentPage"),
});

const routeTree = root.addChildren([
  signIn,
  accept,
  shared,
  open.addChildren([status]),
  signedIn.addChildren([
    overview,
    datasets,
    dataset,
    derive,
    analyses,
    analysis,
    ask,
    compare,
    workspaces,
    workspace,
    account,
    users,
    dispatch,
    deployments,
    deployment,
  ]),
]);

export const router = createRouter({ routeTree, defaultPreload: "intent", scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
