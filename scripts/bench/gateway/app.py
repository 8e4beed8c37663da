"""The endpoints of make bench-gateway as one would write them in FastAPI: the same checks of the token, the same
statements, the same transaction. It writes no entry to Redis, which the gateway does after each new analysis."""

import json
import os
import urllib.request
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
import jwt
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, Field

ISSUER = os.environ["ISSUER"]
CONNECTIONS = max(2, 10 // (os.cpu_count() or 1))

READ = """
SELECT j.id, j.workspace_id, j.owner, j.agent, j.agent_version, j.dataset_id, j.parameters, j.state, j.failure, j.attempt,
       j.crash_count, j.cancel_requested_at IS NOT NULL AS cancel_requested, j.created_at, j.started_at, j.finished_at
FROM e2i.jobs j JOIN e2i.workspace_members m
  ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
WHERE j.id = $3"""

PERSONAL = """
SELECT w.id FROM e2i.workspaces w JOIN e2i.workspace_members m ON m.workspace_id = w.id AND m.user_id = $1
WHERE w.personal_of = $1 AND m.role IN ('analyst', 'owner')"""

SUBMIT = """
INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, parameters, listed, class, priority, timeout_s, memory_mib)
VALUES ($1, $2, $3, 1, $4, false, 'small', 1, 600, 64)
RETURNING id, workspace_id, owner, agent, agent_version, dataset_id, parameters, state, failure, attempt, crash_count,
          cancel_requested_at IS NOT NULL AS cancel_requested, created_at, started_at, finished_at"""

OUTBOX = "INSERT INTO e2i.outbox (job_id, dispatch_seq, due_at) VALUES ($1, 1, now())"

AUDIT = """
INSERT INTO e2i.audit_log (actor, action, target, workspace_id, detail)
VALUES ($1, 'analysis.submit', $2, $3, $4)"""


class Submit(BaseModel):
    agent: str
    parameters: dict = Field(default_factory=dict)
    dataset_id: UUID | None = None


class Analysis(BaseModel):
    id: UUID
    workspace_id: UUID
    created_by: UUID
    agent: str
    agent_version: int
    dataset_id: UUID | None
    parameters: dict
    state: str
    failure: dict | None
    attempt: int
    crash_count: int
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Analysis":
        fields = dict(row)
        fields["created_by"] = fields.pop("owner")
        fields["parameters"] = json.loads(fields["parameters"])
        fields["failure"] = json.loads(fields["failure"]) if fields["failure"] else None
        return cls(**fields)


@asynccontextmanager
async def lifespan(app: FastAPI):
    with urllib.request.urlopen(os.environ["JWKS_URL"]) as answer:
        keys = jwt.PyJWKSet.from_dict(json.load(answer)).keys
    app.state.keys = {key.key_id: key.key for key in keys}
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS)
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


async def caller(request: Request) -> UUID:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, "not signed in", {"WWW-Authenticate": "Bearer"})
    try:
        key = request.app.state.keys[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(
            token,
            key,
            algorithms=["ES256"],
            audience="authenticated",
            issuer=ISSUER,
            options={"require": ["exp", "sub", "aud", "iss"]},
        )
    except (jwt.PyJWTError, KeyError) as error:
        raise HTTPException(401, str(error), {"WWW-Authenticate": "Bearer"}) from error
    return UUID(claims["sub"])


@app.get("/api/v1/analyses/{analysis}")
async def get_analysis(request: Request, analysis: UUID, user: Annotated[UUID, Depends(caller)]) -> Analysis:
    row = await request.app.state.pool.fetchrow(READ, user, ["viewer", "analyst", "owner"], analysis)
    if row is None:
        raise HTTPException(404, "no such analysis")
    return Analysis.of(row)


@app.post("/api/v1/analyses", status_code=202)
async def submit(request: Request, asked: Submit, user: Annotated[UUID, Depends(caller)]) -> Analysis:
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        workspace = await connection.fetchval(PERSONAL, user)
        if workspace is None:
            raise HTTPException(404, "no such workspace")
        row = await connection.fetchrow(SUBMIT, workspace, user, asked.agent, json.dumps(asked.parameters))
        await connection.execute(OUTBOX, row["id"])
        await connection.execute(AUDIT, user, str(row["id"]), workspace, json.dumps({"agent": asked.agent}))
    return Analysis.of(row)


@app.get("/static")
async def static() -> dict:
    return {"auth_mode": "local", "auth_url": ISSUER, "revision": "dev", "version": "0.1.0"}
