"""Fills a running platform for Schemathesis: people to ask as, and things to ask about.

usage: prepare.py PLATFORM_JSON TABLE_CSV FOLDER

Writes into FOLDER a token for each person (`token-NAME`) and `real.toml`, which tells Schemathesis the ids of a dataset,
an analysis that has succeeded and an upload of the person `reader`. Only the standard library is needed.
"""

import json
import secrets
import sys
import time
import urllib.request
from pathlib import Path

# One for each run: the last three do away with what they ask as.
PEOPLE = ["asker", "reader", "leaver", "changer", "demoter"]

_, platform, table, folder = sys.argv
running = json.loads(Path(platform).read_text())
folder = Path(folder)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(method, path, token=None, body=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None and not isinstance(body, bytes):
        headers["content-type"], body = "application/json", json.dumps(body).encode()
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(running["public_url"] + path, body, headers, method=method)
    with opener.open(request, timeout=60) as answer:
        return answer.headers, json.loads(answer.read() or b"null")


def sign_in(email, password):
    _, session = ask("POST", "/auth/v1/token?grant_type=password", body={"email": email, "password": password})
    return session["access_token"]


admin = sign_in(running["admin_email"], Path(running["admin_password_file"]).read_text().strip())
tokens = {}
for name in PEOPLE:
    email, password = f"{name}@example.org", secrets.token_urlsafe(18)
    ask("POST", "/api/v1/admin/users", admin, {"email": email, "role": "admin", "password": password})
    tokens[name] = sign_in(email, password)
    (folder / f"token-{name}").write_text(tokens[name])

reader = tokens["reader"]
_, dataset = ask("POST", "/api/v1/datasets?name=nsw", reader, Path(table).read_bytes(), content_type="text/csv")
question = {
    "outcome": "re78", "treatment": "treat", "design": "randomised", "estimator": "difference_in_means",
    "covariates": ["age", "educ"],
}
asked = {"agent": "causal_impact", "dataset_id": dataset["id"], "parameters": question}
_, analysis = ask("POST", "/api/v1/analyses", reader, asked)
deadline = time.monotonic() + 120
while analysis["state"] != "succeeded":
    if analysis["state"] in ("failed", "cancelled") or time.monotonic() > deadline:
        sys.exit(f"the analysis to ask about is {analysis['state']}: {analysis}")
    time.sleep(0.2)
    _, analysis = ask("GET", f"/api/v1/analyses/{analysis['id']}", reader)
tus = {"tus_resumable": "1.0.0", "upload_length": "100", "upload_metadata": "name eA=="}
headers, _ = ask("POST", "/api/v1/uploads", reader, b"", **tus)
things = {
    "/api/v1/datasets/": dataset["id"],
    "/api/v1/analyses/": analysis["id"],
    "/api/v1/admin/jobs/": analysis["id"],
    "/api/v1/uploads/": headers["location"].rsplit("/", 1)[1],
    "/api/v1/workspaces/": dataset["workspace_id"],
}
with (folder / "real.toml").open("w") as config:
    for path, identity in things.items():
        config.write(f'[[operations]]\ninclude-path-regex = "^{path}"\nparameters = {{ "path.id" = "{identity}" }}\n')
