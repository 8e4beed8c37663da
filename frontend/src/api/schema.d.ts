// Generated from openapi.json by `npm run types`. Do not edit.
export interface paths {
  "/api/v1/account": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells who is calling and where they may work. */
    get: operations["account"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/sessions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists where the caller is signed in. */
    get: operations["list_sessions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/sessions/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Signs the caller out on one device: its refresh token stops working at once, its access token within seconds. */
    delete: operations["end_session"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells who did what on the whole platform, newest first. */
    get: operations["list_audit_log"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/dead-letters": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the jobs that were given up: their process died too often, or their workers vanished. Newest first.
     * @description `/api/v1/admin/jobs/{id}` tells every attempt's reason, `/api/v1/admin/jobs/{id}/retry` tries one again.
     */
    get: operations["list_dead_letters"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/dispatch": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells how dispatch stands: totals, depths, pauses, workers. */
    get: operations["get_dispatch"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/dispatch/{class}/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pauses a class: what is queued does not begin, what runs goes on, submitting goes on. A pause of a class that is paused
     *     gives it another reason.
     */
    post: operations["pause_class"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/dispatch/{class}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Lets a paused class go on, in fair order. */
    post: operations["resume_class"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/jobs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the jobs of all workspaces, newest first. */
    get: operations["list_jobs"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/jobs/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells where a job stands and why each of its attempts ended. */
    get: operations["get_job"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/jobs/{id}/cancel": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Cancels a job of any workspace: a queued one at once, a running one as soon as its worker has stopped it. */
    post: operations["cancel_job"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/jobs/{id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Queues a failed or cancelled job of any workspace anew. Attempts go on counting, crashes count from zero. */
    post: operations["retry_job"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/mlflow-runs/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tries again to log every analysis to MLflow that was given up: MLflow had refused it, or been away for too long.
     * @description Mend the reason first (`mlflow.detail` of such an analysis): what is refused again is given up again.
     */
    post: operations["retry_mlflow_runs"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/mlflow-session": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Opens MLflow, at `/mlflow/`, to this browser for 15 minutes, at most until the access token expires. */
    post: operations["open_mlflow"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/users": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists users by address. */
    get: operations["list_users"];
    put?: never;
    /** Makes a user with their personal workspace, and an invite link unless a password is given. */
    post: operations["create_user"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/users/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Gives one user. */
    get: operations["get_user"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Changes a user's role, disables or enables them. Either ends their sessions. The last admin stays. */
    patch: operations["change_user"];
    trace?: never;
  };
  "/api/v1/admin/users/{id}/link": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes a one-time link by which a user sets their password; their earlier links stop working. */
    post: operations["create_link"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/agents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the agents that the caller may run, with the schemas of their parameters and results. */
    get: operations["list_agents"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/agents/{name}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Describes one agent. */
    get: operations["get_agent"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the analyses of the caller's workspaces, newest first. */
    get: operations["list_analyses"];
    put?: never;
    /**
     * Submits an analysis.
     * @description From the 202 on it cannot be lost. With an `Idempotency-Key` the request can be sent again safely: the same key and
     *     body give the same analysis (header `Idempotency-Replayed: true`), another body is refused.
     */
    post: operations["submit_analysis"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/expectation": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tells what an analysis would take, without running it.
     * @description The body is that of a submission and is checked like one. Nothing is stored.
     */
    post: operations["expect_analysis"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells where an analysis stands. */
    get: operations["get_analysis"];
    put?: never;
    post?: never;
    /** Deletes an analysis that has ended, with its result. */
    delete: operations["delete_analysis"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/attempts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells every attempt of an analysis and why it ended. */
    get: operations["list_attempts"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/cancel": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Cancels an analysis: a queued one at once, a running one as soon as its worker has stopped it. */
    post: operations["cancel_analysis"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follows an analysis by server-sent events.
     * @description `state` and `progress` carry the id `{attempt}-{seq}`; give the last one as `Last-Event-ID` to go on from there.
     *     `gap` says that events are no longer kept; a `snapshot` (the analysis) follows. The stream ends after the state that
     *     ends the analysis; before that `end` (`reason`: `token_expired`, `session_ended`, `gone`) means that it is over, `reconnect` that another
     *     gateway goes on. Read it by `fetch` with a bearer token.
     */
    get: operations["follow_analysis"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/reproduce.py": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Gives a Python script that computes the result again with statsmodels, linearmodels and `DoubleML`.
     * @description It is run on the file that was analysed and compares the numbers; its first lines say what to install.
     */
    get: operations["get_script"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/result": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Gives the result of an analysis, as its agent's `result_schema` describes it. */
    get: operations["get_result"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Queues a failed or cancelled analysis anew, with the same parameters and dataset. */
    post: operations["retry_analysis"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/shares": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the links to an analysis: who made them, until when they work, when they were opened last. */
    get: operations["list_shares"];
    put?: never;
    /**
     * Makes a link by which anybody who has it may read this analysis, and nothing else of the workspace.
     * @description It shows the question, the dataset's name and version, and the result. It stops working when it expires, when it is
     *     revoked, and when its maker is no analyst or owner of the workspace any more.
     */
    post: operations["create_share"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/analyses/{id}/shares/{share_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Revokes a link: it stops working at once. Revoking it again changes nothing. */
    delete: operations["revoke_share"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/datasets": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the datasets of the caller's workspaces, newest first. */
    get: operations["list_datasets"];
    put?: never;
    /**
     * Uploads a table as the body or in a form: delimited text (comma, semicolon, tab or bar; UTF-8), plain or gzip; Parquet;
     *     or an Excel workbook (.xlsx). What it is is seen from its first bytes.
     * @description Its structure is checked before the answer; what is no table is refused with the line and the reason, and nothing of it
     *     is kept. Its profile is computed afterwards: `state` goes from `profiling` to `ready`.
     */
    post: operations["upload_dataset"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/datasets/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Describes a dataset, with its columns and, once computed, its profile. */
    get: operations["get_dataset"];
    put?: never;
    post?: never;
    /** Deletes one version of a dataset. */
    delete: operations["delete_dataset"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/datasets/{id}/dependents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells what hangs on a dataset: what would go with it, and what was made from it. */
    get: operations["get_dependents"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/datasets/{id}/download": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Gives the bytes of a dataset as they were uploaded or made. */
    get: operations["download_dataset"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/datasets/{id}/preview": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows the first rows of a dataset. */
    get: operations["preview_dataset"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/datasets/{id}/versions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists all versions of a dataset, newest first, whichever of them is named. */
    get: operations["list_versions"];
    put?: never;
    /**
     * Makes a new version of a dataset by a recipe: rows filtered, columns derived, long data reshaped.
     * @description The version is there at once, with its recipe; `state` goes from `uploading` to `profiling` to `ready`, or to `failed`
     *     with what the rows had against it. The recipe of any version can be posted again, on the same version or a newer one.
     */
    post: operations["derive_version"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists deployments, newest first. */
    get: operations["list_deployments"];
    put?: never;
    /** Orders a deploy. It waits for what is under way; one that waits already gives way to it. */
    post: operations["deploy"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/overview": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells everything at a glance: what is live, under way and next, pin, quarantine, disk, statistics. */
    get: operations["deployments_overview"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Puts the maintenance page up, or takes it away. While it is up nothing is deployed by itself. */
    post: operations["pause_platform"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/plan": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells what a deploy would change: services, migrations, seconds, disk, and why it would be refused now. Changes nothing. */
    get: operations["plan_deployment"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Lifts the pin, looks at the branch again, and tries again what is stuck. */
    post: operations["resume_deployments"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells one deployment: steps with times, commits and authors, what it does to each service, its health gate. */
    get: operations["get_deployment"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/{id}/cancel": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ends what waits or is under way: at once before it has touched anything that runs, after that by taking it back. */
    post: operations["cancel_deployment"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/{id}/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follows a deployment by server-sent events.
     * @description `line` is a line of the log, its id its number: give the last one as `Last-Event-ID` to go on from there, however long a
     *     tab slept. `step` is a step that began or ended, `state` the deployment in short. `end` says that nothing more comes
     *     (`reason`: `ended`, `token_expired`), `reconnect` that another deployer goes on. Read it by `fetch` with a bearer token.
     */
    get: operations["follow_deployment"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/{id}/log": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Downloads the log so far: a line of time, step and words each. */
    get: operations["download_deployment_log"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deployments/{id}/rollback": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Goes back to a kept release: never builds, never migrates. The branch's head is held back afterwards, visibly. */
    post: operations["roll_back"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follows all analyses of the caller's workspaces by server-sent events.
     * @description Begins with a `snapshot` of those that have not ended (`complete: true`); a new one is told of by a `snapshot` of its
     *     own (`complete: false`). `state` and `progress` carry the id `{analysis}:{attempt}-{seq}`. A client that comes back
     *     with `Last-Event-ID`, or was too slow, is told `gap` and a complete snapshot. `end` and `reconnect` as for one
     *     analysis.
     */
    get: operations["follow_everything"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/shared": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows the analysis that a link leads to, to whoever has the link. */
    get: operations["get_shared"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/shared/reproduce.py": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Gives the script of a shared analysis, as `/api/v1/analyses/{id}/reproduce.py` does. */
    get: operations["get_shared_script"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells how everything stands, for people.
     * @description Nobody has to sign in; who has sees figures and releases, admins also why. Answered from memory, whatever hangs.
     */
    get: operations["status"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/alerts/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends a test message by each alert channel at once, and tells what came of it.
     * @description It goes around the outbox: what does not arrive now never does. Words name what to change, a blocked mail port too.
     */
    post: operations["test_alerts"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/heartbeats/{part}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Says that a part lives: a nightly script's last line.
     * @description The token is the part's own, of the file of checks, as `Authorization: Bearer`. A wrong one and an unknown part are
     *     refused in the same words.
     */
    post: operations["beat"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/history": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells how the parts stood on each day. */
    get: operations["status_history"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/incidents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells what was and is wrong, newest first. */
    get: operations["list_incidents"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/parts/{id}/latency": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells how long a part took to answer. */
    get: operations["part_latency"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/timeline": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells what happened, newest first: releases, rollbacks, pins, renewals of the certificate, maintenance, incidents.
     * @description At most 1,000 lines.
     */
    get: operations["status_timeline"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/windows": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells which maintenance runs and is to come. */
    get: operations["list_windows"];
    put?: never;
    /** Announces maintenance: what is in it raises no alert while it runs. States go on being told and kept. */
    post: operations["announce_window"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status/windows/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Ends maintenance that runs, or calls off what is to come. What is still down then is raised. */
    delete: operations["end_window"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/uploads": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begins an upload, to which bytes are then added by `PATCH`; the first may come along.
     * @description `Upload-Metadata` names the dataset (`name`, else `filename` without its ending) and may say `workspace_id` (your
     *     personal workspace when left out) and `filetype`.
     */
    post: operations["create_upload"];
    delete?: never;
    /** Says which version and extensions of tus are spoken, and how large a table may be. */
    options: operations["describe_uploads"];
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/uploads/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Says where an upload stands: how far it has come, and what became of it. Not part of tus. */
    get: operations["get_upload"];
    put?: never;
    post?: never;
    /** Ends an upload and removes what it had brought. A dataset that came of it stays. */
    delete: operations["delete_upload"];
    options?: never;
    /**
     * Says how far an upload has come, for a client that wants to go on. All bytes there means that there is a dataset:
     *     while they are checked the answer is 423, and 410 when they were no table.
     */
    head: operations["head_upload"];
    /**
     * Adds bytes to an upload, any number of them. With the last byte the table is checked, and the answer says what became
     *     of it.
     * @description Of a body that is cut short everything that arrived is kept; with `Upload-Checksum` all or nothing, and at most 8 MiB.
     */
    patch: operations["append_upload"];
    trace?: never;
  };
  "/api/v1/workspaces": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the caller's workspaces. */
    get: operations["list_workspaces"];
    put?: never;
    /** Makes a workspace; the caller is its owner. */
    post: operations["create_workspace"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/workspaces/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Gives one of the caller's workspaces. */
    get: operations["get_workspace"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Gives a workspace another name. Owners only. */
    patch: operations["rename_workspace"];
    trace?: never;
  };
  "/api/v1/workspaces/{id}/members": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the members of one of the caller's workspaces. */
    get: operations["list_members"];
    put?: never;
    /** Makes a user a member by their address, or gives a member another role. Owners only. */
    post: operations["add_member"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/workspaces/{id}/members/{user_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Gives a member another role, or makes a user a member by their id. Owners only; the last owner stays owner. */
    put: operations["put_member"];
    post?: never;
    /** Removes a member. Owners may remove anybody, everybody themselves; the last owner stays. */
    delete: operations["remove_member"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/v1/.well-known/jwks.json": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Gives the public keys that verify our tokens (RFC 7517). */
    get: operations["jwks"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/v1/link/accept": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sets the password by a one-time link, ends all sessions and signs in. */
    post: operations["accept_link"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/v1/logout": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ends the caller's sessions; their refresh tokens stop working at once, access tokens within seconds. */
    post: operations["logout"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/v1/token": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Signs in with a password, or exchanges a refresh token. */
    post: operations["token"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/auth/v1/user": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells who is calling. */
    get: operations["get_own_user"];
    /** Changes the caller's password and ends their other sessions. */
    put: operations["change_own_user"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/config.json": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tells what the web app must know before anybody has signed in. */
    get: operations["config_json"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells how everything stands, for programs.
     * @description Answered from memory, whatever hangs; each check says how old its answer is. Whoever is no admin reads states and ages,
     *     no host and no error. A part that is not critical never makes the whole fail.
     */
    get: operations["health"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/hooks/github": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes what GitHub tells. It is signed with the webhook's secret; each delivery is stored once, and whatever runs, the answer
     *     comes at once: what is to be done is done later.
     */
    post: operations["github_webhook"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description The link's token and the password to set. */
    AcceptRequest: {
      /** @description 10 to 200 characters. */
      password: string;
      /** @description What stands behind `#token=` in the link. */
      token: string;
    };
    /** @description The caller. */
    Account: {
      /** @description As the token says. */
      email?: string | null;
      /** @description The token's `sub`. */
      id: components["schemas"]["UserId"];
      /** @description What they may do on the platform. */
      role: components["schemas"]["PlatformRole"];
      /**
       * Format: date-time
       * @description When they proved who they are.
       */
      signed_in_at?: string | null;
      /**
       * Format: date-time
       * @description When this access token ends.
       */
      token_expires_at: string;
      /** @description Where they work, the personal workspace first. */
      workspaces: components["schemas"]["WorkspaceAnswer"][];
    };
    /** @description A job of any workspace: an analysis, or one of the platform's own. */
    AdminJob: components["schemas"]["Analysis"] & {
      /** @description Which kind of place it needs. */
      class: components["schemas"]["JobClass"];
      /**
       * Format: int32
       * @description How often its worker vanished.
       */
      lease_expiries: number;
      /** @description Which stream of the class it waits in. */
      priority: components["schemas"]["Priority"];
    };
    /** @description A job with all that was tried. */
    AdminJobTold: components["schemas"]["AdminJob"] & {
      /** @description Every attempt, the latest first. */
      attempts: components["schemas"]["Attempt"][];
    };
    /** @description What to change; what is left out stays. */
    AdminUserChange: {
      /** @description `true` ends all sessions and lets them sign in no more; `false` takes that back. */
      disabled?: boolean | null;
      role?: components["schemas"]["PlatformRole"] | null;
    };
    /** @description What an agent does, what it can be asked and what comes back. */
    Agent: {
      /** @description Who may run it. */
      audience: components["schemas"]["Audience"];
      /**
       * @description Its name, for `POST /api/v1/analyses`.
       * @example causal_impact
       */
      name: string;
      /** @description Whether it works on a dataset. */
      needs_dataset: boolean;
      /** @description JSON Schema (2020-12) of the parameters, with `x-role` and `x-column-kind` on fields that name columns. */
      parameters_schema: Record<string, unknown>;
      /** @description JSON Schema (2020-12) of the result. */
      result_schema: Record<string, unknown>;
      /** @description One or two sentences. */
      summary: string;
      /**
       * Format: int32
       * @description Seconds after which an attempt is ended.
       */
      timeout_s: number;
      /** @description A few words. */
      title: string;
      /**
       * Format: int32
       * @description Raised when the same parameters and data may give another result.
       */
      version: number;
    };
    /** @description The agents there are. */
    AgentList: {
      /** @description Those that the caller may run. */
      agents: components["schemas"]["Agent"][];
    };
    /** @description A question that was asked of a dataset, and where it stands. */
    Analysis: {
      /** @description Which agent. */
      agent: string;
      /**
       * Format: int32
       * @description Which version of it.
       */
      agent_version: number;
      /**
       * Format: int32
       * @description How often a worker took it up.
       */
      attempt: number;
      /** @description Whether somebody asked to cancel it. */
      cancel_requested: boolean;
      /**
       * Format: int32
       * @description How often its process died.
       */
      crash_count: number;
      /**
       * Format: date-time
       * @description When it was submitted.
       */
      created_at: string;
      /** @description Who asked. */
      created_by: components["schemas"]["UserId"];
      dataset_id?: components["schemas"]["DatasetId"] | null;
      /** @description The dataset's name; told in lists alone. */
      dataset_name?: string | null;
      /**
       * Format: int32
       * @description Which version of the dataset; told in lists alone.
       */
      dataset_version?: number | null;
      /**
       * Format: double
       * @description Seconds that it is expected to take, from how long runs like it took; told of one queued analysis alone.
       */
      expected_s?: number | null;
      /**
       * Format: date-time
       * @description When it is to begin, as far as can be told.
       */
      expected_start?: string | null;
      failure?: components["schemas"]["Failure"] | null;
      /**
       * Format: date-time
       * @description When it ended.
       */
      finished_at?: string | null;
      /** @description Its id. */
      id: components["schemas"]["JobId"];
      mlflow?: components["schemas"]["MlflowRun"] | null;
      /** @description The parameters, complete with defaults. */
      parameters: Record<string, unknown>;
      /** @description Why nothing of its class begins at present, in an admin's words; null where it is not queued or not paused. */
      paused?: string | null;
      /**
       * Format: int64
       * @description Its place among those that wait, from 1 on; a lower bound where much waits. Told of one queued analysis alone.
       */
      queue_position?: number | null;
      /**
       * Format: date-time
       * @description Not before; null where nothing but its turn is waited for.
       */
      run_at?: string | null;
      /**
       * Format: date-time
       * @description When a worker first took it up.
       */
      started_at?: string | null;
      /** @description Where it stands. */
      state: components["schemas"]["JobState"];
      /** @description Where it belongs. */
      workspace_id: components["schemas"]["WorkspaceId"];
    };
    /** @description A page of analyses. */
    AnalysisList: {
      /** @description Newest first. */
      analyses: components["schemas"]["Analysis"][];
      /** @description Give it as `cursor` to get the next page; null on the last one. */
      next_cursor?: string | null;
    };
    /** @description What `app_metadata` says: written by the server alone. */
    AppMetadata: {
      /**
       * @description How people sign in.
       * @example email
       */
      provider: string;
      /** @description All ways to sign in. */
      providers: string[];
      /** @description The platform role. */
      role: components["schemas"]["PlatformRole"];
    };
    /** @description One time that a worker took an analysis up. */
    Attempt: {
      /**
       * Format: int32
       * @description Its number, from 1 on.
       */
      attempt: number;
      /**
       * Format: date-time
       * @description When it ended; null while it runs.
       */
      ended_at?: string | null;
      failure?: components["schemas"]["Failure"] | null;
      /**
       * Format: date-time
       * @description When it was taken up.
       */
      started_at: string;
      /** @description Which worker. */
      worker: string;
    };
    /** @description Every attempt, the latest first. */
    AttemptList: {
      attempts: components["schemas"]["Attempt"][];
    };
    /**
     * @description Who may run an agent.
     * @enum {string}
     */
    Audience: "analysts" | "platform" | "canary";
    /** @description A line of the log. */
    AuditLine: {
      /**
       * @description What was done.
       * @example analysis.submit
       */
      action: string;
      actor?: components["schemas"]["UserId"] | null;
      /** Format: date-time */
      at: string;
      /** @description What else is worth knowing; never a secret. */
      detail: Record<string, unknown>;
      /** @description The request it was asked for in, as in the logs. */
      request_id?: string | null;
      /** @description To whom or what. */
      target?: string | null;
      workspace_id?: components["schemas"]["WorkspaceId"] | null;
    };
    /** @description A page of the log. */
    AuditLog: {
      /** @description Newest first. */
      lines: components["schemas"]["AuditLine"][];
      /** @description Give it as `cursor` to get the next page; null on the last one. */
      next_cursor?: string | null;
    };
    /** @description A user as supabase-js knows one. */
    AuthUser: {
      app_metadata: components["schemas"]["AppMetadata"];
      /** @description Always `authenticated`. */
      aud: string;
      /** Format: date-time */
      confirmed_at: string;
      /** Format: date-time */
      created_at: string;
      /** @description In lower case. */
      email: string;
      /** Format: date-time */
      email_confirmed_at: string;
      /**
       * Format: uuid
       * @description The `sub` of the tokens.
       */
      id: string;
      /** @description Always empty. */
      identities: Record<string, unknown>[];
      is_anonymous: boolean;
      /** Format: date-time */
      last_sign_in_at?: string | null;
      /** @description Always empty. */
      phone: string;
      /** @description Always `authenticated`; the platform role is in `app_metadata`. */
      role: string;
      /** Format: date-time */
      updated_at: string;
      /** @description Always empty. */
      user_metadata: Record<string, unknown>;
    };
    /** @description The branch's head. */
    BranchHead: {
      /**
       * Format: date-time
       * @description When it was looked at.
       */
      at: string;
      /** @description The commit. */
      commit: string;
      /** @description Whether it was deployed, refused, superseded or taken back already: then it is not deployed again by itself. */
      considered: boolean;
      /** @description What it waits for, or why that could not be told, in words. */
      waits?: string | null;
    };
    /**
     * @description The kind of certificate that browsers meet.
     * @enum {string}
     */
    Certificate: "self_signed" | "trusted";
    /** @description One column of a table. */
    Column: {
      /**
       * Format: int64
       * @description Rows in which it has no value (empty, `NA`, `NaN`, `null`).
       */
      missing: number;
      /** @description The header, trimmed; unique within the table. */
      name: string;
      /** @description What its values are. */
      type: components["schemas"]["ColumnType"];
    };
    /** @description What a profile says of one column. */
    ColumnProfile: {
      /**
       * Format: int64
       * @description Distinct values among those present.
       */
      distinct: number;
      /** @description Whether `distinct` was counted (true) or estimated because there were too many to keep (false). */
      distinct_exact: boolean;
      /**
       * Format: int64
       * @description Rows without a value.
       */
      missing: number;
      /** @description The column's name. */
      name: string;
      numeric?: components["schemas"]["NumericSummary"] | null;
      /** @description For text columns: shortest and longest value in characters. */
      text_length?: number[] | null;
      /** @description For date and timestamp columns: first and last, as RFC 3339. */
      time_range?: string[] | null;
      /** @description The most frequent values, most frequent first, at most 20. */
      top_values: components["schemas"]["ValueCount"][];
      /** @description Its type. */
      type: components["schemas"]["ColumnType"];
    };
    /**
     * @description What the values of a column are, as inferred from every row of it.
     * @enum {string}
     */
    ColumnType: "integer" | "float" | "boolean" | "date" | "timestamp" | "text" | "empty";
    /** @description A commit, for people. */
    CommitInfo: {
      /**
       * Format: date-time
       * @description When it was committed.
       */
      at: string;
      /** @description Who wrote it: a name, never an address. */
      author: string;
      /** @description Its id. */
      id: string;
      /** @description The first line of its message. */
      subject: string;
    };
    /** @description One version of an uploaded table. */
    Dataset: components["schemas"]["DatasetSummary"] & {
      profile?: components["schemas"]["Profile"] | null;
      schema?: components["schemas"]["TableSchema"] | null;
    };
    /** @description What hangs on a dataset, before somebody deletes it with `cascade=true`. */
    DatasetDependents: {
      /**
       * Format: int64
       * @description Analyses that use it; they would go with it.
       */
      analyses: number;
      /**
       * Format: int64
       * @description So many of them are queued or running.
       */
      analyses_active: number;
      /**
       * @description Versions that were made from it, newest first, at most 200. They would stay; one that is still being made would
       *     fail.
       */
      derived_versions: components["schemas"]["DerivedVersion"][];
      /**
       * Format: int64
       * @description Links to them that have neither expired nor been revoked; they would go too.
       */
      shares: number;
    };
    /**
     * Format: uuid
     * @description One immutable version of an uploaded table.
     */
    DatasetId: string;
    /** @description A page of datasets. */
    DatasetList: {
      /** @description Newest first. */
      datasets: components["schemas"]["DatasetSummary"][];
      /** @description Give it as `cursor` to get the next page; null on the last one. */
      next_cursor?: string | null;
    };
    /** @description The first rows of a dataset, as written. */
    DatasetPreview: {
      /** @description The names of the columns. */
      columns: string[];
      /** @description Row by row, one value a column; null where there is none. */
      rows: (string | null)[][];
    };
    /**
     * @description Where a dataset stands.
     * @enum {string}
     */
    DatasetState: "uploading" | "profiling" | "ready" | "failed";
    /** @description One version of an uploaded table, in a list. */
    DatasetSummary: {
      /** @description How many columns. */
      column_count?: number | null;
      /**
       * Format: date-time
       * @description When.
       */
      created_at: string;
      /** @description Who uploaded it, or asked for it. */
      created_by: components["schemas"]["UserId"];
      derived_from?: components["schemas"]["DerivedFrom"] | null;
      failure?: components["schemas"]["Failure"] | null;
      /** @description Its id. */
      id: components["schemas"]["DatasetId"];
      /** @description Its name, shared by its versions. */
      name: string;
      recipe?: components["schemas"]["Recipe"] | null;
      /**
       * Format: int64
       * @description Rows, the header not counted.
       */
      rows?: number | null;
      /** @description SHA-256 of the stored bytes, in hexadecimal. */
      sha256?: string | null;
      /**
       * Format: int64
       * @description Stored bytes.
       */
      size_bytes?: number | null;
      /**
       * @description Where it stands. Analyses may use it from `profiling` on. `uploading` until all its bytes are there, whether they
       *     come from somebody or from a recipe.
       */
      state: components["schemas"]["DatasetState"];
      /**
       * Format: int32
       * @description 1, 2, ...
       */
      version: number;
      /** @description Where it belongs. */
      workspace_id: components["schemas"]["WorkspaceId"];
    };
    /** @description What to deploy, and how. */
    DeployOrder: {
      /** @description Overrule the refusals that can be overruled. */
      force?: boolean;
      /** @description Why, for those who read it later. */
      note?: string;
      /**
       * @description A branch, a tag or a commit; it has to be on the branch that is released.
       * @example main
       */
      ref: string;
    };
    /** @description A deployment with all that is known of it. */
    Deployment: components["schemas"]["DeploymentSummary"] & {
      /** @description Whether one could go back to it now. */
      can_roll_back_to: boolean;
      /** @description The commits that it brings, newest first, at most 50. */
      commits: components["schemas"]["CommitInfo"][];
      /** @description Where the difference can be looked at. */
      diff_url?: string | null;
      /** @description What has to be well before it counts as live. */
      gate: components["schemas"]["HealthGate"];
      /** @description Why not. */
      rollback_refusal?: string | null;
      /** @description What it does to each service. */
      services: components["schemas"]["ServiceChange"][];
      /** @description Its steps, in their order. */
      steps: components["schemas"]["DeploymentStep"][];
      /** @description Jobs that wait for an agent version that going back to it would take away: `causal_impact 2: 3 jobs`. */
      stranded_jobs: string[];
    };
    /**
     * Format: int64
     * @description A deployment: one try to change what is live. Numbers are given once and grow.
     */
    DeploymentId: number;
    /**
     * @description What a deployment is.
     * @enum {string}
     */
    DeploymentKind: "deploy" | "rollback" | "adopted";
    /** @description A line of a deployment's log. */
    DeploymentLogLine: {
      /**
       * Format: date-time
       * @description When it was written.
       */
      at: string;
      /** @description The line. */
      line: string;
      /**
       * Format: int64
       * @description Its number, from 1 on, without gaps.
       */
      seq: number;
      step?: components["schemas"]["DeploymentStepName"] | null;
    };
    /** @description A page of deployments, newest first. */
    DeploymentPage: {
      /** @description The deployments. */
      items: components["schemas"]["DeploymentSummary"][];
      /** @description What to ask with for the next page; null on the last one. */
      next_cursor?: string | null;
    };
    /** @description A release that a person went back to, and that stays until a newer commit arrives or the pin is lifted. */
    DeploymentPin: {
      /** @description Who did. */
      by: string;
      /** @description The deployment that was gone back to. */
      deployment: components["schemas"]["DeploymentId"];
      /** @description Why, in words. */
      reason: string;
      /**
       * Format: date-time
       * @description When.
       */
      since: string;
    };
    /** @description What a deployment would change. */
    DeploymentPlan: {
      /** @description The commit. */
      commit: components["schemas"]["CommitInfo"];
      /** @description The commits that it would bring, newest first, at most 50. */
      commits: components["schemas"]["CommitInfo"][];
      /** @description Whether nginx's configuration would change. */
      configuration_changes: boolean;
      /** @description Where the difference can be looked at. */
      diff_url?: string | null;
      /** @description Migrations that it would run, oldest first. */
      migrations: string[];
      /**
       * Format: int64
       * @description How much disk it would take, by the median of earlier builds; null without any.
       */
      predicted_disk_bytes?: number | null;
      /**
       * Format: double
       * @description How long it would take, by the medians of earlier steps; null without any.
       */
      predicted_seconds?: number | null;
      /** @description Why it would be refused now. */
      refusals: string[];
      /** @description What it would do to each service. */
      services: components["schemas"]["PlannedService"][];
    };
    /**
     * @description What asked for a deployment.
     * @enum {string}
     */
    DeploymentSource: "push" | "workflow_run" | "reconcile" | "manual" | "adopted";
    /**
     * @description Where a deployment stands.
     * @enum {string}
     */
    DeploymentState:
      | "pending"
      | "running"
      | "taking_back"
      | "live"
      | "replaced"
      | "taken_back"
      | "failed"
      | "refused"
      | "cancelled"
      | "superseded"
      | "stuck";
    /** @description How deployments went. */
    DeploymentStatistics: {
      /**
       * Format: int64
       * @description How many went live, failed, were taken back or are stuck.
       */
      deployments: number;
      /**
       * Format: double
       * @description The median time of those that went live; null without any.
       */
      median_seconds?: number | null;
      /**
       * Format: date-time
       * @description The first of them.
       */
      since?: string | null;
      /**
       * Format: double
       * @description The share of them that went live and was not taken back; null without any.
       */
      success_share?: number | null;
    };
    /** @description A step of a deployment. */
    DeploymentStep: {
      /** @description What it did, or why it did not. */
      detail?: string | null;
      /**
       * Format: double
       * @description How long it took, or takes until now.
       */
      seconds?: number | null;
      /**
       * Format: date-time
       * @description When it began.
       */
      started_at?: string | null;
      /** @description Where it stands. */
      state: components["schemas"]["DeploymentStepState"];
      /** @description Which. */
      step: components["schemas"]["DeploymentStepName"];
    };
    /**
     * @description A step, forward or back.
     * @enum {string}
     */
    DeploymentStepName:
      | "preflight"
      | "images"
      | "migrate"
      | "configure"
      | "workers"
      | "web"
      | "switch"
      | "soak"
      | "canary"
      | "drain"
      | "verify"
      | "restore"
      | "switch_back"
      | "wake"
      | "retire"
      | "verify_back";
    /**
     * @description Where a step stands.
     * @enum {string}
     */
    DeploymentStepState: "waiting" | "running" | "done" | "failed" | "skipped";
    /** @description A deployment in short. */
    DeploymentSummary: {
      /** @description Who asked for it, where a person did. */
      by?: string | null;
      /** @description Which commit. */
      commit: components["schemas"]["CommitInfo"];
      /**
       * Format: date-time
       * @description When it was asked for.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When it went live or ended otherwise.
       */
      ended_at?: string | null;
      /** @description Whether a person overruled what would have refused it. */
      forced: boolean;
      /** @description Its number. */
      id: components["schemas"]["DeploymentId"];
      /** @description What it is. */
      kind: components["schemas"]["DeploymentKind"];
      previous?: components["schemas"]["DeploymentId"] | null;
      /** @description Why it ended as it did, in words. */
      reason?: string | null;
      /** @description What was asked for: a branch, a tag, a commit. */
      reference: string;
      /**
       * Format: double
       * @description From its first step to its end, or until now.
       */
      seconds?: number | null;
      /** @description What asked for it. */
      source: components["schemas"]["DeploymentSource"];
      /**
       * Format: date-time
       * @description When its first step began.
       */
      started_at?: string | null;
      /** @description Where it stands. */
      state: components["schemas"]["DeploymentState"];
      step?: components["schemas"]["DeploymentStepName"] | null;
      target?: components["schemas"]["DeploymentId"] | null;
      /**
       * Format: date-time
       * @description Until when a bad sign takes it back by itself.
       */
      watch_until?: string | null;
    };
    /** @description Everything at a glance. */
    DeploymentsOverview: {
      /** @description The branch that is released. */
      branch: string;
      disk?: components["schemas"]["DiskBudget"] | null;
      head?: components["schemas"]["BranchHead"] | null;
      /** @description Deployments that one can go back to, newest first. */
      kept: components["schemas"]["DeploymentId"][];
      live?: components["schemas"]["DeploymentSummary"] | null;
      /** @description Whether the maintenance page is up. */
      paused: boolean;
      pending?: components["schemas"]["DeploymentSummary"] | null;
      pin?: components["schemas"]["DeploymentPin"] | null;
      /** @description Commits that return only by an explicit deploy. */
      quarantine: components["schemas"]["QuarantinedCommit"][];
      /** @description The repository, without credentials. */
      repository: string;
      running?: components["schemas"]["DeploymentSummary"] | null;
      /** @description How deployments went. */
      statistics: components["schemas"]["DeploymentStatistics"];
      stuck?: components["schemas"]["DeploymentSummary"] | null;
      /** @description What begins a release by itself. */
      trigger: components["schemas"]["ReleaseTrigger"];
    };
    /** @description The version that another was made from. It may have been deleted since. */
    DerivedFrom: {
      /** @description Its id. */
      id: components["schemas"]["DatasetId"];
      /**
       * Format: int32
       * @description Which version it was.
       */
      version: number;
    };
    /** @description A version that was made, or is being made, from another. */
    DerivedVersion: {
      /** @description Its id. */
      id: components["schemas"]["DatasetId"];
      /** @description Where it stands; `uploading` while it is being made. */
      state: components["schemas"]["DatasetState"];
      /**
       * Format: int32
       * @description Which version it is.
       */
      version: number;
    };
    /** @description The disk budget. */
    DiskBudget: {
      /**
       * Format: int64
       * @description What is left.
       */
      free_bytes: number;
      /** @description What it means. */
      level: components["schemas"]["DiskLevel"];
      /** @description What is known to be on it. */
      parts: components["schemas"]["DiskPart"][];
      /**
       * Format: int64
       * @description All of it.
       */
      total_bytes: number;
      /**
       * Format: double
       * @description The used share, 0 to 1.
       */
      used_share: number;
    };
    /**
     * @description What the used share of the disk means.
     * @enum {string}
     */
    DiskLevel: "ok" | "warn" | "uploads_refused" | "releases_refused";
    /** @description One part of the disk budget. */
    DiskPart: {
      /** @description `build cache`, `images`, `checkout`, `logs`, `database`, `datasets`, `mlflow`, ... */
      name: string;
      /**
       * Format: int64
       * @description What it takes, in bytes.
       */
      size_bytes: number;
    };
    /** @description How dispatch stands. */
    DispatchTold: {
      /**
       * @description Totals over all processes, kept over restarts, at most some seconds old: `submitted`, `dispatched`, `recalled`,
       *     `claimed`, `duplicate_claims_dropped`, `handed_on`, `fenced_writes_refused`, `stale_events_refused`,
       *     `attempts_ended`, `crashes`, `crash_looped`, `lease_expiries`, `epoch_redispatched`, `swept`, `recovered`.
       */
      counters: {
        [key: string]: number;
      };
      /**
       * Format: int64
       * @description Submitted for a time that is still to come.
       */
      delayed: number;
      /**
       * Format: date-time
       * @description Since when the longest waiting job could have begun; null where none waits.
       */
      oldest_waiting?: string | null;
      /** @description Classes of which nothing begins. */
      paused: components["schemas"]["PausedClass"][];
      /** @description How long lost jobs took to be claimed again, over seven days. */
      recovery: components["schemas"]["Recovery"];
      /** @description By class and priority; those without jobs are left out. */
      streams: components["schemas"]["StreamTold"][];
      /** @description Workers heard within the last half minute. */
      workers: components["schemas"]["WorkerTold"][];
    };
    /** @description An event with all that is needed to hand it to the right readers. */
    Envelope: components["schemas"]["JobEvent"] & {
      /**
       * Format: int32
       * @description The attempt it belongs to.
       */
      attempt: number;
      /** @description Whose event. */
      job: components["schemas"]["JobId"];
      /** @description Who asked for the job. */
      owner: components["schemas"]["UserId"];
      /**
       * Format: int64
       * @description Its number within the attempt.
       */
      seq: number;
      /** @description The workspace whose members may see it. */
      workspace: components["schemas"]["WorkspaceId"];
    };
    /** @description How things stand, from Postgres. */
    EventsSnapshot: {
      /** @description The analyses. */
      analyses: components["schemas"]["Analysis"][];
      /**
       * @description Whether these are all analyses that have not ended: any other one that a client holds as unfinished has ended
       *     or is not the caller's any more. False: it adds these to what was told before.
       */
      complete: boolean;
    };
    /** @description What an analysis is expected to take, beside what it may. */
    Expectation: {
      /** @description What is too large, and what makes it smaller; empty when it fits. */
      advice: string[];
      /** @description One entry a step, in the order of the run. */
      by_step: components["schemas"]["ExpectedStep"][];
      /** @description Whether it would be accepted. */
      fits: boolean;
      /**
       * Format: int64
       * @description Most bytes at once; null where the agent cannot tell.
       */
      memory_bytes?: number | null;
      /**
       * Format: int64
       * @description Bytes it may take.
       */
      memory_limit_bytes: number;
      /**
       * Format: double
       * @description Seconds on one idle processor, right within a factor of about two; null where the agent cannot tell.
       */
      seconds?: number | null;
      /**
       * Format: int32
       * @description Seconds after which it is ended.
       */
      seconds_limit: number;
    };
    /** @description What one step is expected to take. */
    ExpectedStep: {
      /**
       * Format: int64
       * @description Bytes while it runs.
       */
      memory_bytes: number;
      /**
       * Format: double
       * @description Seconds.
       */
      seconds: number;
      /** @description What makes it smaller. */
      smaller: string;
      /** @description The step in a few words. */
      step: string;
    };
    /** @description Why a job or an attempt ended without a result, in words for a person. */
    Failure: {
      /** @description What was wrong, with the value, and what to do. */
      detail: string;
      /** @description The kind. */
      reason: components["schemas"]["Reason"];
    };
    /** @description How everything stands, for programs. */
    Health: {
      /**
       * Format: double
       * @description How many seconds ago that was, by a clock that does not jump.
       */
      age_s: number;
      /** @description Each part by its id; the draft allows several checks of one part, here it is always one. */
      checks: {
        [key: string]: components["schemas"]["HealthCheck"][];
      };
      /** @description What it answers for. */
      description: string;
      /** @description Why the answer itself is not to be trusted, if it is not. */
      output?: string | null;
      /** @description The revision of this service; the draft's name for it. */
      releaseId: string;
      /** @description The same. */
      revision: string;
      /** @description Who answers. */
      serviceId: string;
      /** @description The whole: `pass` and `warn` are answered with 200, `fail` with 503. */
      status: components["schemas"]["StatusOverall"];
      /**
       * Format: date-time
       * @description When anything was looked at last.
       */
      time: string;
      /** @description The platform's version. */
      version: string;
    };
    /** @description How one part stands. */
    HealthCheck: {
      /**
       * Format: double
       * @description How many seconds ago that was.
       */
      age_s?: number | null;
      /** @description The part. */
      componentId: components["schemas"]["StatusPartId"];
      /** @description Whether the platform can do nothing without it. */
      critical: boolean;
      /** @description Always `ms`; for admins. */
      observedUnit?: string | null;
      /**
       * Format: double
       * @description How long it took to answer, in `observedUnit`; for admins.
       */
      observedValue?: number | null;
      /** @description Why it does not pass, in words; for admins. */
      output?: string | null;
      /**
       * Format: date-time
       * @description Since when it stands so; for admins.
       */
      since?: string | null;
      /** @description How it stands, exactly. */
      state: components["schemas"]["StatusState"];
      /**
       * @description What is to be thought of it, in the draft's three words: a part that is not looked at yet warns, one that is not
       *     configured passes.
       */
      status: components["schemas"]["StatusOverall"];
      suppressed_by?: components["schemas"]["StatusPartId"] | null;
      /**
       * Format: date-time
       * @description When it was looked at last.
       */
      time?: string | null;
    };
    /** @description What has to be well before a deployment counts as live, and while it is watched. */
    HealthGate: {
      /** @description The checks. */
      checks: components["schemas"]["HealthGateCheck"][];
    };
    /** @description One check of the gate. */
    HealthGateCheck: {
      /** @description What was seen. */
      detail?: string | null;
      /** @description `readiness`, `revision`, `error share`, `restarts`, `canary`. */
      name: string;
      /** @description How it stands. */
      state: components["schemas"]["HealthGateCheckState"];
    };
    /**
     * @description How a check stands.
     * @enum {string}
     */
    HealthGateCheckState: "pass" | "fail" | "pending";
    /** @description What became of a delivery. */
    HookAnswer: {
      /** @description `X-GitHub-Delivery`. */
      delivery: string;
      /** @description `accepted`, `duplicate`, `pong`, or why nothing comes of it. */
      outcome: string;
    };
    /**
     * @description Where an image would come from.
     * @enum {string}
     */
    ImageOrigin: "present" | "pull" | "build";
    /**
     * @description Which kind of place a job needs: small ones are never stuck behind large ones.
     * @enum {string}
     */
    JobClass: "small" | "large";
    /** @description One thing that happened to a job. */
    JobEvent:
      | {
          /** @enum {string} */
          event: "state";
          failure?: components["schemas"]["Failure"] | null;
          /** @description The new state. */
          state: components["schemas"]["JobState"];
        }
      | (components["schemas"]["Progress"] & {
          /** @enum {string} */
          event: "progress";
        });
    /**
     * Format: uuid
     * @description One piece of work: an analysis, a profile or a canary run.
     */
    JobId: string;
    /** @description A page of jobs. */
    JobList: {
      /** @description Newest first. */
      jobs: components["schemas"]["AdminJob"][];
      /** @description Give it as `cursor` to get the next page; null on the last one. */
      next_cursor?: string | null;
    };
    /**
     * @description Where a job stands.
     * @enum {string}
     */
    JobState: "queued" | "running" | "succeeded" | "failed" | "cancelled";
    /** @description A link that sets a password, once. */
    LinkAnswer: {
      /**
       * Format: date-time
       * @description Until when it can be used.
       */
      expires_at: string;
      /**
       * @description `invite` for somebody without a password, else `reset`.
       * @example invite
       */
      kind: string;
      /** @description The same without the address, for `POST /auth/v1/link/accept`. */
      token: string;
      /** @description To hand over. It is shown this once. */
      url: string;
    };
    /** @description A new link. */
    MadeShare: {
      /** @description The link as lists show it. */
      share: components["schemas"]["Share"];
      /** @description The same without the address, for `X-Share-Token`. */
      token: string;
      /**
       * @description To hand over. It is shown this once.
       * @example https://e2i.example.org/shared#token=VqUCx0Zk3jN6W8Xv
       */
      url: string;
    };
    /** @description A member of a workspace. */
    MemberAnswer: {
      /** @description Where this platform knows it. */
      email?: string | null;
      role: components["schemas"]["WorkspaceRole"];
      /** Format: date-time */
      since: string;
      user_id: components["schemas"]["UserId"];
    };
    /** @description Members of a workspace. */
    MemberList: {
      /** @description Owners first. */
      members: components["schemas"]["MemberAnswer"][];
    };
    /** @description What they may do. */
    MemberRole: {
      role: components["schemas"]["WorkspaceRole"];
    };
    /** @description An analysis in MLflow. */
    MlflowRun: {
      /** @description Why it is not logged (yet), in MLflow's words. */
      detail?: string | null;
      /** @description The run's page, below the platform's address; for admins. */
      path?: string | null;
      /** @description The run that it became. */
      run_id?: string | null;
      /** @description Where its logging stands. */
      state: components["schemas"]["MlflowState"];
    };
    /**
     * @description Where logging to MLflow stands.
     * @enum {string}
     */
    MlflowState: "pending" | "logged" | "failed" | "off";
    /** @description Who, and what they may do. */
    NewMember: {
      /**
       * @description The address of a user of this platform.
       * @example ada@example.org
       */
      email: string;
      role: components["schemas"]["WorkspaceRole"];
    };
    /** @description How long the link is to work. */
    NewShare: {
      /**
       * Format: int64
       * @description Seconds from now on; 7 days when left out.
       * @default 604800
       */
      expires_in_s: number | null;
    };
    /** @description Who. */
    NewUser: {
      /**
       * @description Their address; nothing is sent to it.
       * @example ada@example.org
       */
      email: string;
      /** @description A first password; when left out, an invite link is made. */
      password?: string | null;
      /** @description `user` when left out. */
      role?: components["schemas"]["PlatformRole"];
    };
    /** @description The user, and the invite to hand over. */
    NewUserAnswer: {
      invite?: components["schemas"]["LinkAnswer"] | null;
      user: components["schemas"]["UserAnswer"];
    };
    /** @description The distribution of a numeric column. */
    NumericSummary: {
      /** @description Equal-width histogram from `min` to `max`: rows in each bin. */
      histogram: number[];
      /**
       * Format: double
       * @description Largest value.
       */
      max: number;
      /**
       * Format: double
       * @description Arithmetic mean.
       */
      mean: number;
      /**
       * Format: double
       * @description Smallest value.
       */
      min: number;
      /** @description Quantiles at 1, 5, 25, 50, 75, 95 and 99 %. */
      quantiles: components["schemas"]["Quantile"][];
      /** @description Whether the quantiles are exact (true) or from a sketch (false; the error is in the docs of `tables`). */
      quantiles_exact: boolean;
      /**
       * Format: double
       * @description Standard deviation with n - 1; 0 for a single value.
       */
      standard_deviation: number;
    };
    /** @description Why a class is paused. */
    PauseClass: {
      /** @description 1 to 1000 characters; owners of queued analyses read it. */
      reason: string;
    };
    /** @description Whether the maintenance page is to be up. */
    PauseOrder: {
      /** @description True puts it up, false takes it away. */
      on: boolean;
    };
    /** @description A class of which nothing begins. */
    PausedClass: {
      /** @description Which. */
      class: components["schemas"]["JobClass"];
      /**
       * Format: date-time
       * @description Since when.
       */
      paused_at: string;
      /** @description By whom. */
      paused_by: components["schemas"]["UserId"];
      /** @description Why. */
      reason: string;
    };
    /** @description What a deployment would do to a service. */
    PlannedService: components["schemas"]["ServiceChange"] & {
      /** @description Where its image would come from. */
      image: components["schemas"]["ImageOrigin"];
    };
    /**
     * @description What a person may do on the whole platform, from `app_metadata.role` of the token.
     * @enum {string}
     */
    PlatformRole: "user" | "admin" | "canary";
    /**
     * @description Which of a class's streams a job waits in. Lower is sooner; no priority starves another.
     * @enum {string}
     */
    Priority: "high" | "normal" | "low";
    /** @description The body of a [`Problem`]; API documents name it `Problem`. */
    Problem: Record<string, unknown> & {
      /** @description What was wrong this time, with the value, and what to do. */
      detail?: string | null;
      /** @description The path that was asked for. */
      instance?: string | null;
      /** @description The request's id, as in the `x-request-id` header and in the logs. */
      request_id?: string | null;
      /**
       * Format: int32
       * @description The HTTP status.
       * @example 404
       */
      status: number;
      /**
       * @description The kind in words, the same for every problem of this kind.
       * @example Not found
       */
      title: string;
      /**
       * @description What kind of problem this is: `urn:e2i:problem:<slug>`, stable, for programs.
       * @example urn:e2i:problem:not-found
       */
      type: string;
    };
    /** @description What a profile says of a whole table. The result of the agent `profile`. */
    Profile: {
      /** @description One entry a column, in file order. */
      columns: components["schemas"]["ColumnProfile"][];
      /**
       * Format: int64
       * @description Rows profiled: all of them.
       */
      rows: number;
      /** @description Whole rows that stand more than once are not looked for; what was noticed about columns, in words. */
      warnings: string[];
    };
    /** @description How far a run is. */
    Progress: {
      /**
       * Format: double
       * @description Share done, 0 to 1; never goes back within an attempt.
       */
      fraction: number;
      /**
       * Format: double
       * @description Seconds until it is done, as far as can be told; absent where that is not known.
       */
      remaining_s?: number | null;
      /** @description The step in a few words, as in `refuters: placebo treatment`. */
      step: string;
    };
    /** @description What the web app must know. Nothing here is secret. */
    PublicConfig: {
      /**
       * @description Who signs tokens: `local`, this platform, or `supabase`.
       * @example local
       */
      auth_mode: string;
      /**
       * @description Where sign-in lives, in the shape of Supabase Auth.
       * @example https://e2i.example.org/auth/v1
       */
      auth_url: string;
      certificate?: components["schemas"]["Certificate"] | null;
      /** @description Whether there is a deployer: admins then have the page of deployments. */
      deployments: boolean;
      /** @description Whether there is an MLflow at `/mlflow/`, for admins. */
      mlflow: boolean;
      /** @description The commit that is running. */
      revision: string;
      /** @description The project's public key, for `supabase`. */
      supabase_anon_key?: string | null;
      /**
       * @description The Supabase project, for `supabase`.
       * @example https://abcdefgh.supabase.co
       */
      supabase_url?: string | null;
      /** @description Whether traces are kept: the browser then begins one with each click (`traceparent`). */
      traces: boolean;
      /** @description The released version. */
      version: string;
    };
    /** @description One quantile. */
    Quantile: {
      /**
       * Format: double
       * @description Share of values at or below, between 0 and 1.
       */
      probability: number;
      /**
       * Format: double
       * @description The value.
       */
      value: number;
    };
    /** @description A commit that returns only by an explicit deploy. */
    QuarantinedCommit: {
      /** @description The commit. */
      commit: components["schemas"]["CommitInfo"];
      /** @description The deployment that was taken back. */
      deployment: components["schemas"]["DeploymentId"];
      /** @description Why. */
      reason: string;
    };
    /**
     * @description Why a job failed, was cancelled, or why an attempt ended early.
     * @enum {string}
     */
    Reason:
      | "user_error"
      | "timeout"
      | "oom"
      | "crash"
      | "stuck"
      | "unavailable"
      | "internal"
      | "lease_expired"
      | "handed_back"
      | "cancelled";
    /** @description How one version of a dataset is made from another. */
    Recipe: {
      /** @description One after the other, each on what the one before it made. 1 to 50. */
      steps: components["schemas"]["RecipeStep"][];
    };
    /** @description Of which value, unit and period the baseline is. */
    RecipeBaseline: {
      /** @description Numbers. */
      column: string;
      /** @description What to do when units lack periods that others have. */
      gaps?: components["schemas"]["RecipeGaps"];
      period?: components["schemas"]["RecipeValue"] | null;
      /** @description The column that names the periods: numbers, dates, or text that starts with the year (`2024-05`, `2024Q2`). */
      time: string;
      /** @description The column that names the units. */
      unit: string;
    };
    /**
     * @description Which value stands for the time before the split.
     * @enum {string}
     */
    RecipeBefore: "mean" | "last";
    /** @description Columns by name. */
    RecipeColumns: {
      /** @description At least one, none twice. */
      columns: string[];
    };
    /** @description What a row's value must be. A row without a value meets `missing` and nothing else. */
    RecipeCondition:
      | {
          /** @description This value. */
          equals: components["schemas"]["RecipeValue"];
        }
      | {
          /** @description Another value than this. */
          not_equals: components["schemas"]["RecipeValue"];
        }
      | {
          /** @description One of these. */
          one_of: components["schemas"]["RecipeValue"][];
        }
      | {
          /** @description None of these. */
          none_of: components["schemas"]["RecipeValue"][];
        }
      | {
          /** @description Within bounds: of numbers, dates and points in time. */
          range: components["schemas"]["RecipeRange"];
        }
      | "missing"
      | "not_missing";
    /** @description A new column. */
    RecipeDerive: {
      /** @description What it is computed from. Where a value is missing there, it is missing here. */
      from: components["schemas"]["RecipeFormula"];
      /** @description Its name; none that the table has. */
      name: string;
    };
    /** @description Which rows are kept. */
    RecipeFilter: {
      /** @description The column that is looked at. */
      column: string;
      /** @description What its value must be. */
      is: components["schemas"]["RecipeCondition"];
    };
    /** @description How a new column is computed. */
    RecipeFormula:
      | {
          /** @description The natural logarithm. Refused where a value is zero or negative. */
          log: {
            /** @description Numbers. */
            column: string;
          };
        }
      | {
          /** @description The natural logarithm of one plus the value: for counts with zeros. Refused where a value is -1 or less. */
          log1p: {
            /** @description Numbers. */
            column: string;
          };
        }
      | {
          /** @description One column less another, as outcome less baseline. */
          difference: {
            /** @description Numbers. */
            column: string;
            /** @description What is taken off: numbers. */
            minus: string;
          };
        }
      | {
          /** @description One column over another. Refused where the other is zero. */
          ratio: {
            /** @description Numbers. */
            column: string;
            /** @description What it is divided by: numbers. */
            over: string;
          };
        }
      | {
          /** @description In long data: the value less the same unit's value in one period. */
          difference_from_baseline: components["schemas"]["RecipeBaseline"];
        };
    /**
     * @description What to do with units that lack periods which other units have.
     * @enum {string}
     */
    RecipeGaps: "refuse" | "allow";
    /** @description At least one bound, and of each end at most one. */
    RecipeRange: {
      above?: components["schemas"]["RecipeValue"] | null;
      at_least?: components["schemas"]["RecipeValue"] | null;
      at_most?: components["schemas"]["RecipeValue"] | null;
      below?: components["schemas"]["RecipeValue"] | null;
    };
    /**
     * @description From one row for each unit and period to one row a unit: what was before the split, and what was after it.
     *
     *     The new table has the unit's column, the columns of `carry`, and for each column of `values` two:
     *     `<column>_before` and `<column>_after`. Rows are in the order in which the units first stand in the table.
     */
    RecipeReshape: {
      /** @description Which value stands for the time before. The time after is always its mean. */
      before?: components["schemas"]["RecipeBefore"];
      /** @description Columns that have one value in all rows of a unit, such as its region or its treatment. */
      carry?: string[];
      /** @description What to do when units lack periods that others have. */
      gaps?: components["schemas"]["RecipeGaps"];
      /** @description The first period that is after. */
      split: components["schemas"]["RecipeValue"];
      /** @description The column that names the periods: numbers, dates, or text that starts with the year (`2024-05`, `2024Q2`). */
      time: string;
      /** @description The column that names the units. */
      unit: string;
      /** @description Columns of numbers that become a value before and a value after. */
      values: string[];
    };
    /** @description One step. */
    RecipeStep:
      | (components["schemas"]["RecipeFilter"] & {
          /** @enum {string} */
          step: "filter";
        })
      | (components["schemas"]["RecipeDerive"] & {
          /** @enum {string} */
          step: "derive";
        })
      | (components["schemas"]["RecipeColumns"] & {
          /** @enum {string} */
          step: "keep";
        })
      | (components["schemas"]["RecipeColumns"] & {
          /** @enum {string} */
          step: "drop";
        })
      | (components["schemas"]["RecipeReshape"] & {
          /** @enum {string} */
          step: "reshape";
        });
    /**
     * @description A value to compare with: a number for a column of numbers, true or false for one of truths, a text for all others
     *     (`2024-05-01` for dates, `2024-05-01T12:00:00Z` for points in time).
     */
    RecipeValue: boolean | number | string;
    /** @description Seconds from the moment a lease ran out, or Redis was found to have lost an entry, to the next claim. */
    Recovery: {
      /**
       * Format: int64
       * @description Recovered.
       */
      count: number;
      /**
       * Format: double
       * @description All did.
       */
      max_s?: number | null;
      /**
       * Format: int64
       * @description Lost and not claimed again yet.
       */
      open: number;
      /**
       * Format: double
       * @description Half took at most so long.
       */
      p50_s?: number | null;
      /**
       * Format: double
       * @description 99 of 100 did.
       */
      p99_s?: number | null;
    };
    /**
     * @description What begins a release by itself.
     * @enum {string}
     */
    ReleaseTrigger: "workflow_run" | "push" | "manual";
    /** @description What is tried again. */
    RetriedRuns: {
      /**
       * Format: int64
       * @description So many analyses that had been given up are to be logged now.
       */
      queued: number;
    };
    /** @description How to go back. */
    RollbackOrder: {
      /** @description Go back although the database is newer than that release can read, or jobs would have no worker. */
      force?: boolean;
    };
    /**
     * @description A part of the platform that has an image of its own.
     * @enum {string}
     */
    Service: "init" | "gateway" | "worker" | "health" | "frontend" | "nginx" | "certificates" | "mlflow" | "deployer";
    /**
     * @description What is done to a service.
     * @enum {string}
     */
    ServiceAction: "unchanged" | "roll" | "maintenance" | "self_update";
    /** @description What a deployment does to a service. */
    ServiceChange: {
      /** @description What is done. */
      action: components["schemas"]["ServiceAction"];
      /** @description The revision that is live. */
      from?: string | null;
      /** @description Which. */
      service: components["schemas"]["Service"];
      /** @description The revision that it brings. */
      to: string;
    };
    /** @description A sign-in that still holds. */
    Session: {
      /**
       * @description Browser and system, as far as the client told.
       * @example Firefox on Linux
       */
      device: string;
      /**
       * Format: date-time
       * @description When it ends unless it is used before.
       */
      expires_at: string;
      /**
       * Format: uuid
       * @description Its id, for ending it.
       */
      id: string;
      /** @description Whether it is the one that asks. */
      is_current: boolean;
      /**
       * Format: date-time
       * @description When its tokens were renewed last: it was in use at most one life of an access token after that.
       */
      last_used_at: string;
      /**
       * Format: date-time
       * @description When somebody signed in.
       */
      signed_in_at: string;
      /** @description What the client called itself. */
      user_agent?: string | null;
    };
    /** @description Where the caller is signed in. */
    SessionList: {
      /** @description The one that was used last first; at most 200. */
      sessions: components["schemas"]["Session"][];
    };
    /** @description A link to an analysis, without its token. */
    Share: {
      /**
       * Format: date-time
       * @description When.
       */
      created_at: string;
      /** @description Who made it. */
      created_by: components["schemas"]["UserId"];
      /** @description Their address, where this platform knows it. */
      created_by_email?: string | null;
      /**
       * Format: date-time
       * @description Until when it works.
       */
      expires_at: string;
      /** @description Its id. */
      id: components["schemas"]["ShareId"];
      /**
       * Format: date-time
       * @description When it was opened last, to the minute; null where nobody has.
       */
      last_opened_at?: string | null;
      /**
       * Format: date-time
       * @description When it was revoked; null where it was not.
       */
      revoked_at?: string | null;
      /** @description Whether it works now: not expired, not revoked, and its maker still an analyst or owner of the workspace. */
      works: boolean;
    };
    /**
     * Format: uuid
     * @description A link by which anybody who has it may read one analysis.
     */
    ShareId: string;
    /** @description The links to an analysis. */
    ShareList: {
      /** @description Newest first, ended ones included; at most 200. */
      shares: components["schemas"]["Share"][];
    };
    /** @description One analysis, as a link to it shows it. No id is in it, and nobody's name. */
    SharedAnalysis: {
      agent?: components["schemas"]["Agent"] | null;
      /** @description The agent's name. */
      agent_name: string;
      /**
       * Format: int32
       * @description The version of it that answered.
       */
      agent_version: number;
      /**
       * Format: date-time
       * @description When it was submitted.
       */
      created_at: string;
      dataset?: components["schemas"]["SharedDataset"] | null;
      /**
       * Format: date-time
       * @description Until when the link works.
       */
      expires_at: string;
      failure?: components["schemas"]["Failure"] | null;
      /**
       * Format: date-time
       * @description When it ended.
       */
      finished_at?: string | null;
      /** @description Whether there is a script that computes it again. */
      has_script: boolean;
      /** @description The question, complete with defaults. */
      parameters: Record<string, unknown>;
      /** @description The answer, as the agent's `result_schema` describes it; null until there is one. */
      result?: Record<string, unknown> | null;
      /**
       * Format: date-time
       * @description When a worker first took it up.
       */
      started_at?: string | null;
      /** @description Where it stands. */
      state: components["schemas"]["JobState"];
    };
    /** @description The dataset of a shared analysis. */
    SharedDataset: {
      /** @description Its name. */
      name: string;
      /**
       * Format: int64
       * @description Rows, the header not counted.
       */
      rows?: number | null;
      /**
       * Format: int32
       * @description Which version.
       */
      version: number;
    };
    /** @description Where in a workbook the table is. */
    SheetFormat: {
      /** @description The name of its sheet. */
      sheet: string;
    };
    /** @description What came of a test of the alert channels. */
    StatusAlertTest: {
      /** @description In every copy of the test message. */
      event: string;
      /** @description What came of it, by channel. */
      outcomes: components["schemas"]["StatusChannelOutcome"][];
    };
    /** @description How alerts get out. */
    StatusAlerts: {
      /** @description "slack", "mail". */
      channels: string[];
      /**
       * Format: int64
       * @description Alerts that wait to be delivered.
       */
      waiting: number;
      /** @description Why the oldest of them waits, in words. */
      waiting_words?: string | null;
      /** @description Whether a watcher outside is told that this one lives. */
      watched_from_outside: boolean;
    };
    /** @description What came of a test of one channel. */
    StatusChannelOutcome: {
      /** @description "slack", "mail". */
      channel: string;
      /** @description The other side has said yes. */
      delivered: boolean;
      /**
       * Format: double
       * @description How long it took.
       */
      took_ms: number;
      /** @description What came back and, where it was not delivered, what to do. */
      words: string;
    };
    /** @description A day of a part. */
    StatusDay: {
      /**
       * Format: date
       * @description In UTC.
       */
      date: string;
      /**
       * Format: double
       * @description Seconds down.
       */
      down_s: number;
      /**
       * Format: int32
       * @description Incidents that began.
       */
      incidents: number;
      /**
       * Format: double
       * @description Seconds of it that were observed.
       */
      observed_s: number;
      /**
       * Format: double
       * @description Share of the observed time without a failure; null where nothing was observed.
       */
      up_share?: number | null;
      /**
       * Format: double
       * @description Seconds with a warning.
       */
      warn_s: number;
    };
    /** @description How releases went. */
    StatusDeploys: {
      /**
       * Format: int64
       * @description Releases of the last 30 days that ended.
       */
      ended: number;
      /**
       * Format: int64
       * @description Those of them that went live.
       */
      live: number;
      /**
       * Format: double
       * @description The middle one's seconds from order to live.
       */
      median_s?: number | null;
      /**
       * Format: double
       * @description `live / ended`; null before the first.
       */
      success_share?: number | null;
    };
    /** @description One line of the timeline. */
    StatusEvent: {
      /**
       * Format: date-time
       * @description When.
       */
      at: string;
      /**
       * Format: int64
       * @description The deployment, where one is meant; for those signed in.
       */
      deployment?: number | null;
      /**
       * Format: int64
       * @description The incident, where one is meant.
       */
      incident?: number | null;
      /** @description What kind. */
      kind: components["schemas"]["StatusEventKind"];
      part?: components["schemas"]["StatusPartId"] | null;
      /** @description What, in words; tells no address. Whoever did not sign in reads what kind it is and no more. */
      words: string;
    };
    /**
     * @description What happened.
     * @enum {string}
     */
    StatusEventKind:
      | "released"
      | "release_failed"
      | "rolled_back"
      | "pinned"
      | "unpinned"
      | "certificate_renewed"
      | "incident_began"
      | "incident_ended"
      | "maintenance_began"
      | "maintenance_ended";
    /** @description A number worth seeing beside the state. */
    StatusFigure: {
      /** @description What it is, in words: "waiting jobs". */
      name: string;
      /** @description Of what. */
      unit: components["schemas"]["StatusUnit"];
      /**
       * Format: double
       * @description How much.
       */
      value: number;
    };
    /** @description The days of all parts. */
    StatusHistory: {
      /** @description Each part, in the order in which they are shown. */
      parts: components["schemas"]["StatusPartHistory"][];
    };
    /**
     * @description Whether the platform can do its work without it.
     * @enum {string}
     */
    StatusImportance: "critical" | "optional";
    /** @description Something that was, or is, wrong. */
    StatusIncident: {
      /** @description Parts that failed because of it. */
      affected: components["schemas"]["StatusPartId"][];
      /**
       * Format: date-time
       * @description When the first look failed.
       */
      began_at: string;
      /** @description What probably caused it and what to do, in words: "red 40 s after release abc1234: roll back"; for those signed in. */
      cause?: string | null;
      /**
       * Format: int64
       * @description The release that it began after, if one is near; for those signed in.
       */
      deployment?: number | null;
      /**
       * Format: double
       * @description From the last look that was well to raised: the longest that nobody may have known.
       */
      detect_s: number;
      /**
       * Format: date-time
       * @description When the threshold was reached and it was raised.
       */
      detected_at: string;
      /**
       * Format: date-time
       * @description When it was over; null while it is not.
       */
      ended_at?: string | null;
      /** @description It went up and down. */
      flapping: boolean;
      /**
       * Format: int64
       * @description Its number.
       */
      id: number;
      /** @description The part that is to blame. */
      part: components["schemas"]["StatusPartId"];
      /**
       * Format: double
       * @description From raised to over.
       */
      resolve_s?: number | null;
      /** @description What is wrong. */
      state: components["schemas"]["StatusState"];
      /** @description The part, for people. */
      title: string;
      /** @description What was seen, in words; for admins. */
      words?: string | null;
    };
    /** @description A page of incidents, newest first. */
    StatusIncidentPage: {
      /** @description The incidents. */
      items: components["schemas"]["StatusIncident"][];
      /**
       * Format: int64
       * @description What to ask with for the next page (`before`); null on the last one.
       */
      next?: number | null;
    };
    /** @description A part's latencies, oldest first; stretches without a look are left out. */
    StatusLatency: {
      /** @description Which. */
      id: components["schemas"]["StatusPartId"];
      /** @description The stretches. */
      points: components["schemas"]["StatusLatencyPoint"][];
      /**
       * Format: int32
       * @description The length of a stretch, in seconds.
       */
      step_s: number;
    };
    /** @description A stretch of a part's latencies. */
    StatusLatencyPoint: {
      /**
       * Format: date-time
       * @description Where it begins.
       */
      at: string;
      /**
       * Format: int32
       * @description Looks in it that failed.
       */
      failures: number;
      /**
       * Format: int32
       * @description Looks in it.
       */
      looks: number;
      /**
       * Format: double
       * @description The largest in it.
       */
      max_ms?: number | null;
      /**
       * Format: double
       * @description The mean in it.
       */
      mean_ms?: number | null;
    };
    /** @description How everything stands now. */
    StatusNow: {
      /**
       * Format: double
       * @description How many seconds ago that was, by a clock that does not jump; the whole fails when it is more than 60, since then
       *     nothing is looked at any more.
       */
      age_s: number;
      alerts?: components["schemas"]["StatusAlerts"] | null;
      /**
       * Format: date-time
       * @description When this was so.
       */
      at: string;
      deploys?: components["schemas"]["StatusDeploys"] | null;
      /** @description What is wrong now, root causes first. */
      incidents: components["schemas"]["StatusIncident"][];
      /**
       * Format: double
       * @description Days of logs that are really kept; null where no shipper keeps any, or the caller is no admin.
       */
      logs_kept_days?: number | null;
      /** @description Each part, in the order in which they are shown. */
      parts: components["schemas"]["StatusPart"][];
      /** @description The revision of this service. */
      revision: string;
      /**
       * Format: date-time
       * @description Until then a cold start is excused.
       */
      settling_until?: string | null;
      /** @description The whole. */
      status: components["schemas"]["StatusOverall"];
      /** @description The platform's version. */
      version: string;
      /** @description Announced maintenance, running and to come. */
      windows: components["schemas"]["StatusWindow"][];
    };
    /**
     * @description The whole.
     * @enum {string}
     */
    StatusOverall: "pass" | "warn" | "fail";
    /** @description A part. */
    StatusPart: {
      /**
       * Format: double
       * @description How old the last look is, in seconds; null before the first.
       */
      age_s?: number | null;
      /** @description Why it is not to be worried about now. */
      excused_by?: string | null;
      /** @description Numbers worth seeing; for those signed in. */
      figures?: components["schemas"]["StatusFigure"][] | null;
      /** @description It goes up and down so often that single changes are no news. */
      flapping: boolean;
      /** @description Names it. */
      id: components["schemas"]["StatusPartId"];
      /** @description Whether it matters to the whole. */
      importance: components["schemas"]["StatusImportance"];
      /**
       * Format: double
       * @description How long the part took to answer.
       */
      latency_ms?: number | null;
      /** @description What it stands on. */
      parents: components["schemas"]["StatusPartId"][];
      /**
       * Format: date-time
       * @description Since when.
       */
      since: string;
      /** @description How it stands. */
      state: components["schemas"]["StatusState"];
      suppressed_by?: components["schemas"]["StatusPartId"] | null;
      /** @description For people. */
      title: string;
      /** @description Shares of time without a failure. */
      uptime: components["schemas"]["StatusUptime"];
      /** @description Why, in words; for admins. */
      words?: string | null;
    };
    /** @description The days of a part, oldest first, without holes. */
    StatusPartHistory: {
      /** @description Its days. */
      days: components["schemas"]["StatusDay"][];
      /** @description Which. */
      id: components["schemas"]["StatusPartId"];
      /** @description For people. */
      title: string;
    };
    /** @description Names a part: small letters, digits and `-`, at most 40 characters. The same for as long as the part is watched. */
    StatusPartId: string;
    /**
     * @description How a part stands, after thresholds: what is believed rather than what was seen last.
     * @enum {string}
     */
    StatusState: "unknown" | "pass" | "warn" | "fail" | "not_configured";
    /** @description The timeline, newest first. */
    StatusTimeline: {
      /** @description What happened. */
      items: components["schemas"]["StatusEvent"][];
    };
    /**
     * @description What a figure counts.
     * @enum {string}
     */
    StatusUnit: "count" | "seconds" | "milliseconds" | "bytes" | "share";
    /** @description Shares of time without a failure, from 0 to 1; null where the time was not observed at all. */
    StatusUptime: {
      /**
       * Format: double
       * @description Of the last 30 days.
       */
      d30?: number | null;
      /**
       * Format: double
       * @description Of the last 7 days.
       */
      d7?: number | null;
      /**
       * Format: double
       * @description Of the last 90 days.
       */
      d90?: number | null;
      /**
       * Format: double
       * @description Of the last 24 hours.
       */
      h24?: number | null;
    };
    /** @description Maintenance: what is in it raises no alert. */
    StatusWindow: {
      /** @description Who announced it; null for releases, which open theirs by themselves. For admins. */
      by?: string | null;
      /**
       * Format: date-time
       * @description From when.
       */
      from: string;
      /**
       * Format: int64
       * @description Its number.
       */
      id: number;
      /** @description The parts in it; empty means all. */
      parts: components["schemas"]["StatusPartId"][];
      /** @description What for. */
      reason: string;
      /**
       * Format: date-time
       * @description Until when.
       */
      until: string;
    };
    /** @description Maintenance that is announced: what is in it raises no alert. */
    StatusWindowOrder: {
      /**
       * Format: date-time
       * @description From when; left out means now.
       */
      from?: string | null;
      /** @description The parts in it; empty or left out means all. */
      parts?: components["schemas"]["StatusPartId"][];
      /** @description What for; everybody may read it. */
      reason: string;
      /**
       * Format: date-time
       * @description Until when; at most 31 days after `from`.
       */
      until: string;
    };
    /** @description One stream. */
    StreamTold: {
      /**
       * Format: int64
       * @description In Postgres, waiting for their turn or their time.
       */
      behind: number;
      class: components["schemas"]["JobClass"];
      /**
       * Format: int64
       * @description On Redis, not claimed.
       */
      on_redis: number;
      priority: components["schemas"]["Priority"];
      /**
       * Format: int64
       * @description Claimed.
       */
      running: number;
    };
    /** @description A question. */
    SubmitAnalysis: {
      /**
       * @description Which agent; see `/api/v1/agents`.
       * @example causal_impact
       */
      agent: string;
      dataset_id?: components["schemas"]["DatasetId"] | null;
      /** @description What the agent's `parameters_schema` asks for. `params` is another name of it. */
      parameters?: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @description Not before this time (RFC 3339, at most 30 days ahead); at once when left out or past.
       */
      run_at?: string | null;
      workspace_id?: components["schemas"]["WorkspaceId"] | null;
    };
    /**
     * Format: binary
     * @description A table's bytes, in API documents.
     */
    TableBytes: string;
    /**
     * @description How a stored file is written, found when it was uploaded; enough to read it again the same way.
     *
     *     In JSON `kind` says which. What was stored before there were kinds has none and is text.
     */
    TableFormat:
      | (components["schemas"]["TextFormat"] & {
          /** @enum {string} */
          kind: "text";
        })
      | {
          /** @enum {string} */
          kind: "parquet";
        }
      | (components["schemas"]["SheetFormat"] & {
          /** @enum {string} */
          kind: "xlsx";
        });
    /** @description The shape of a table. */
    TableSchema: {
      /** @description Columns in file order. */
      columns: components["schemas"]["Column"][];
      /** @description How the stored file is written. */
      format: components["schemas"]["TableFormat"];
      /**
       * Format: int64
       * @description Rows, the header not counted.
       */
      rows: number;
    };
    /** @description How delimited text is written. */
    TextFormat: {
      /**
       * Format: int32
       * @description The delimiter's byte: comma, semicolon, tab or vertical bar.
       */
      delimiter: number;
      /** @description Whether the stored bytes are gzip. */
      gzip: boolean;
    };
    /** @description What a sign-in or a refresh gives. */
    TokenAnswer: {
      /** @description A JWT, for `Authorization: Bearer`. */
      access_token: string;
      /**
       * Format: int64
       * @description Seconds since 1970.
       */
      expires_at: number;
      /**
       * Format: int64
       * @description Seconds.
       */
      expires_in: number;
      /** @description For `grant_type=refresh_token`, once. */
      refresh_token: string;
      /** @description Always `bearer`. */
      token_type: string;
      user: components["schemas"]["AuthUser"];
    };
    /** @description What the grant needs; other members (supabase-js sends some) are ignored. */
    TokenRequest: {
      /** @description For `password`. */
      email?: string | null;
      /** @description For `password`. */
      password?: string | null;
      /** @description For `refresh_token`. */
      refresh_token?: string | null;
    };
    /** @description A table that arrives in pieces. */
    Upload: {
      /**
       * Format: date-time
       * @description Since when.
       */
      created_at: string;
      /** @description Who uploads. */
      created_by: components["schemas"]["UserId"];
      dataset_id?: components["schemas"]["DatasetId"] | null;
      /**
       * Format: date-time
       * @description When it is given up, or, once it has ended, forgotten.
       */
      expires_at: string;
      /** @description Its id. */
      id: components["schemas"]["UploadId"];
      /**
       * Format: int64
       * @description Bytes it will have.
       */
      length_bytes: number;
      /** @description What the dataset will be called. */
      name: string;
      /**
       * Format: int64
       * @description Bytes that are there.
       */
      offset_bytes: number;
      /** @description Why it is no table, once `refused`: the problem that the last request was answered with. */
      problem?: Record<string, unknown> | null;
      /** @description Where it stands. */
      state: components["schemas"]["UploadState"];
      /** @description Where the dataset will belong. */
      workspace_id: components["schemas"]["WorkspaceId"];
    };
    /** @description A file in a form. */
    UploadForm: {
      /**
       * Format: binary
       * @description The table.
       */
      file: string;
      /** @description Its name; before the file. */
      name?: string | null;
      /** @description The sheet, of a workbook; before the file. */
      sheet?: string | null;
    };
    /**
     * Format: uuid
     * @description A table that arrives in pieces and becomes a dataset once it is complete.
     */
    UploadId: string;
    /**
     * @description Where a resumable upload stands.
     * @enum {string}
     */
    UploadState: "receiving" | "checking" | "stored" | "refused";
    /** @description A user, as admins see them. */
    UserAnswer: {
      /** Format: date-time */
      created_at: string;
      /** @description Whether they may sign in at all. */
      disabled: boolean;
      /** Format: date-time */
      disabled_at?: string | null;
      /** @description In lower case. */
      email: string;
      /** @description False until an invite is accepted. */
      has_password: boolean;
      id: components["schemas"]["UserId"];
      /** Format: date-time */
      last_sign_in_at?: string | null;
      role: components["schemas"]["PlatformRole"];
    };
    /** @description What to change; other members are ignored. */
    UserChange: {
      /** @description The present one; may be left out within 15 minutes of signing in. */
      current_password?: string | null;
      /** @description The new one, 10 to 200 characters. */
      password?: string | null;
    };
    /**
     * Format: uuid
     * @description A person, known by the `sub` of their token; not necessarily a local user.
     */
    UserId: string;
    /** @description A page of users. */
    UserList: {
      /** @description For `after`, when there is more. */
      next?: string | null;
      users: components["schemas"]["UserAnswer"][];
    };
    /** @description A value and how often it stands. */
    ValueCount: {
      /**
       * Format: int64
       * @description Rows.
       */
      count: number;
      /** @description As written in the file. */
      value: string;
    };
    /** @description A worker. */
    WorkerTold: {
      /**
       * Format: int32
       * @description Places for large jobs.
       */
      large_places: number;
      /** @description Host, process and a random part. */
      name: string;
      /**
       * Format: int64
       * @description Jobs it runs.
       */
      running: number;
      /**
       * Format: date-time
       * @description When it was last heard.
       */
      seen_at: string;
      /**
       * Format: int32
       * @description Places for small jobs.
       */
      small_places: number;
      /**
       * Format: date-time
       * @description Since when.
       */
      started_at: string;
    };
    /** @description A workspace, as the caller sees it. */
    WorkspaceAnswer: {
      /** Format: date-time */
      created_at: string;
      id: components["schemas"]["WorkspaceId"];
      name: string;
      /** @description Whether it came with the caller's account. */
      personal: boolean;
      /** @description What the caller may do in it. */
      role: components["schemas"]["WorkspaceRole"];
    };
    /**
     * Format: uuid
     * @description What owns datasets and analyses; people are members of it.
     */
    WorkspaceId: string;
    /** @description The caller's workspaces. */
    WorkspaceList: {
      /** @description The personal one first. */
      workspaces: components["schemas"]["WorkspaceAnswer"][];
    };
    /** @description What it is called. */
    WorkspaceName: {
      /**
       * @description 1 to 200 characters.
       * @example Brand team
       */
      name: string;
    };
    /**
     * @description What a member may do in one workspace. Ordered: an owner may do all that an analyst may.
     * @enum {string}
     */
    WorkspaceRole: "viewer" | "analyst" | "owner";
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  account: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Account"];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_sessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SessionList"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `supabase-mode`: sessions are kept in Supabase */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  end_session: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It has ended */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such session of the caller's, or it has ended; or `supabase-mode` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_audit_log: {
    parameters: {
      query?: {
        /** @description Of what this person did. */
        actor?: components["schemas"]["UserId"];
        /** @description Of this action (`analysis.submit`), or of all of a family (`analysis`). */
        action?: string;
        /** @description About this person, thing or key: its id. */
        target?: string;
        /** @description In this workspace. */
        workspace_id?: components["schemas"]["WorkspaceId"];
        /** @description Not before this time. */
        since?: string;
        /** @description Before this time. */
        until?: string;
        /** @description Rows per page. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AuditLog"];
        };
      };
      /** @description A filter, limit or cursor that cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_dead_letters: {
    parameters: {
      query?: {
        /** @description In this state. */
        state?: components["schemas"]["JobState"];
        /** @description Whose end, or last attempt's end, had this reason. */
        reason?: components["schemas"]["Reason"];
        /** @description Of this person. */
        owner?: components["schemas"]["UserId"];
        /** @description Of this workspace. */
        workspace_id?: components["schemas"]["WorkspaceId"];
        /** @description On this dataset. */
        dataset_id?: components["schemas"]["DatasetId"];
        /** @description Of this agent. */
        agent?: string;
        /** @description Of this class. */
        class?: components["schemas"]["JobClass"];
        /** @description Rows per page. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["JobList"];
        };
      };
      /** @description A filter, limit or cursor that cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_dispatch: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DispatchTold"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  pause_class: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The class */
        class: components["schemas"]["JobClass"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PauseClass"];
      };
    };
    responses: {
      /** @description Nothing of the class begins any more */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PausedClass"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No reason, or too long a one */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  resume_class: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The class */
        class: components["schemas"]["JobClass"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It goes on */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It is not paused */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_jobs: {
    parameters: {
      query?: {
        /** @description In this state. */
        state?: components["schemas"]["JobState"];
        /** @description Whose end, or last attempt's end, had this reason. */
        reason?: components["schemas"]["Reason"];
        /** @description Of this person. */
        owner?: components["schemas"]["UserId"];
        /** @description Of this workspace. */
        workspace_id?: components["schemas"]["WorkspaceId"];
        /** @description On this dataset. */
        dataset_id?: components["schemas"]["DatasetId"];
        /** @description Of this agent. */
        agent?: string;
        /** @description Of this class. */
        class?: components["schemas"]["JobClass"];
        /** @description Rows per page. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["JobList"];
        };
      };
      /** @description A filter, limit or cursor that cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_job: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The job */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminJobTold"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such job */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  cancel_job: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The job */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancelled */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminJob"];
        };
      };
      /** @description Its worker is being told */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminJob"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such job */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It has succeeded or failed already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  retry_job: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The job */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Queued anew */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminJob"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such job */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It has neither failed nor been cancelled */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  retry_mlflow_runs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["RetriedRuns"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no MLflow */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  open_mlflow: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is open */
      204: {
        headers: {
          /** @description For `/mlflow` alone; no script can read it */
          "Set-Cookie"?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is no admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no MLflow */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_users: {
    parameters: {
      query?: {
        /** @description Addresses after this one: `next` of the page before. */
        after?: string;
        /** @description At most so many, 1 to 500; 100 when left out. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UserList"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  create_user: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewUser"];
      };
    };
    responses: {
      201: {
        headers: {
          /** @description The user */
          location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NewUserAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The address is taken */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_user: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["UserId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UserAnswer"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  change_user: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["UserId"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AdminUserChange"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UserAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `last-admin` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  create_link: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["UserId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LinkAnswer"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The user is disabled */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_agents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AgentList"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_agent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The agent's name */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Agent"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such agent, or none for the caller */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_analyses: {
    parameters: {
      query?: {
        /** @description In this state. */
        state?: components["schemas"]["JobState"];
        /** @description Of this agent. */
        agent?: string;
        /** @description On this dataset. */
        dataset_id?: components["schemas"]["DatasetId"];
        /** @description Of this workspace. */
        workspace_id?: components["schemas"]["WorkspaceId"];
        /**
         * @description Those alone with this in the dataset's name, the agent's, or a column's that the question names; in any case, at
         *     most 200 characters.
         */
        search?: string;
        /** @description Rows per page. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnalysisList"];
        };
      };
      /** @description A filter, limit or cursor that cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  submit_analysis: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 255 visible ASCII characters of your choice */
        "Idempotency-Key"?: string | null;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SubmitAnalysis"];
      };
    };
    responses: {
      /** @description Accepted; follow it at Location */
      202: {
        headers: {
          "Idempotency-Replayed"?: string | null;
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Analysis"];
        };
      };
      /** @description Not JSON, or an Idempotency-Key that is none */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The agent or the workspace is not for the caller to use */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset or workspace of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The dataset cannot be used in its state; or a request with the same key is being worked on */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Wrong parameters, all told in `errors`; more than an analysis may take, with `advice`; or a key that was used for another request */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description As many analyses of the caller's are queued as one person may have */
      429: {
        headers: {
          "Retry-After"?: number;
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  expect_analysis: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SubmitAnalysis"];
      };
    };
    responses: {
      /** @description What it would take */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Expectation"];
        };
      };
      /** @description Not JSON */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The agent is not for the caller to use */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The dataset cannot be used in its state */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Wrong parameters, all told in `errors` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_analysis: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Analysis"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  delete_analysis: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It has not ended; cancel it first */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_attempts: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AttemptList"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  cancel_analysis: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Cancelled */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Analysis"];
        };
      };
      /** @description Its worker is being told; the events say when it has stopped */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Analysis"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It has succeeded or failed already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  follow_analysis: {
    parameters: {
      query?: never;
      header?: {
        /** @description The id of the last event seen */
        "Last-Event-ID"?: string | null;
      };
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events; this is the data of `state` and `progress` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/event-stream": components["schemas"]["Envelope"];
        };
      };
      /** @description Last-Event-ID is no id */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_script: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The script, as an attachment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/x-python": string;
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's, or its agent has no script (`no-script`) */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no result: not yet (`result-not-ready`), or because the analysis failed or was cancelled (`no-result`, with `failure`) */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_result: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The agent's result */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, unknown>;
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no result: not yet (`result-not-ready`), or because the analysis failed or was cancelled (`no-result`, with `failure`) */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  retry_analysis: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Queued anew */
      202: {
        headers: {
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Analysis"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It has neither failed nor been cancelled */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_shares: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ShareList"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  create_share: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewShare"];
      };
    };
    responses: {
      /** @description Made; `url` is shown this once */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MadeShare"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description As many links to it work as there may be; revoke one */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Shorter than a minute or longer than 90 days */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  revoke_share: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The analysis */
        id: components["schemas"]["JobId"];
        /** @description The link */
        share_id: components["schemas"]["ShareId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It works no more */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such analysis of the caller's, or no such link to it */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_datasets: {
    parameters: {
      query?: {
        /** @description Of this workspace. */
        workspace_id?: components["schemas"]["WorkspaceId"];
        /** @description All versions of this name; without it the newest version of each name. */
        name?: string;
        /** @description Those alone in whose name this stands, in any case; at most 200 characters. */
        search?: string;
        /** @description Rows per page. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DatasetList"];
        };
      };
      /** @description A filter, limit or cursor that cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  upload_dataset: {
    parameters: {
      query?: {
        /**
         * @description Its name, 1 to 200 characters; an upload of the same name is its next version. A form may give it as a field before
         *     `file`, or leave it to the file's name.
         */
        name?: string;
        /** @description Where it belongs; your personal workspace when left out. */
        workspace_id?: components["schemas"]["WorkspaceId"];
        /**
         * @description Of a workbook, the name of the sheet that is the table; it may be left out where only one has something in it. A
         *     form may give it as a field before `file`.
         */
        sheet?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/gzip": components["schemas"]["TableBytes"];
        "application/octet-stream": components["schemas"]["TableBytes"];
        "application/vnd.apache.parquet": components["schemas"]["TableBytes"];
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["TableBytes"];
        "multipart/form-data": components["schemas"]["UploadForm"];
        "text/csv": components["schemas"]["TableBytes"];
      };
    };
    responses: {
      /** @description Stored */
      201: {
        headers: {
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Dataset"];
        };
      };
      /** @description The body ended before its end, or the form cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller may not upload there */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such workspace of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body paused for too long */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller has no workspace of their own and names none */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Larger than allowed */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not a table; `reason`, `line`, `row`, `column` and `cell` say why and where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description As many uploads as possible are under way */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The disk is nearly full; `used_share` and `limit_share` */
      507: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_dataset: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The dataset */
        id: components["schemas"]["DatasetId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Dataset"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  delete_dataset: {
    parameters: {
      query?: {
        /**
         * @description Whether the analyses that use it go with it, running ones included, and versions that are being made from it fail.
         *     Versions that were made from it stay.
         */
        cascade?: boolean;
      };
      header?: never;
      path: {
        /** @description The dataset */
        id: components["schemas"]["DatasetId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Analyses use it (`analyses` of them), versions are being made from it (`derivations` of them), or it is still being uploaded */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_dependents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The dataset */
        id: components["schemas"]["DatasetId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DatasetDependents"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  download_dataset: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The dataset */
        id: components["schemas"]["DatasetId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The bytes */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/csv": components["schemas"]["TableBytes"];
          "text/tab-separated-values": components["schemas"]["TableBytes"];
          "application/gzip": components["schemas"]["TableBytes"];
          "application/vnd.apache.parquet": components["schemas"]["TableBytes"];
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["TableBytes"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It is still being uploaded or made, or could not be made */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  preview_dataset: {
    parameters: {
      query?: {
        /** @description Rows. */
        rows?: number;
      };
      header?: never;
      path: {
        /** @description The dataset */
        id: components["schemas"]["DatasetId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DatasetPreview"];
        };
      };
      /** @description A number of rows that is not possible */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It is still being uploaded or made, or could not be made */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_versions: {
    parameters: {
      query?: {
        /** @description Rows per page. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description Any version of the dataset */
        id: components["schemas"]["DatasetId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DatasetList"];
        };
      };
      /** @description A limit or cursor that cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  derive_version: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 255 visible ASCII characters of your choice */
        "Idempotency-Key"?: string | null;
      };
      path: {
        /** @description The version to make it from */
        id: components["schemas"]["DatasetId"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Recipe"];
      };
    };
    responses: {
      /** @description Accepted; look at Location until it is ready */
      202: {
        headers: {
          "Idempotency-Replayed"?: string | null;
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Dataset"];
        };
      };
      /** @description Not JSON, or an Idempotency-Key that is none */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such dataset of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The dataset cannot be used in its state; or a request with the same key is being worked on */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Wrong steps, all told in `errors`; or a key that was used for another request */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_deployments: {
    parameters: {
      query?: {
        /** @description Rows per page. */
        limit?: number;
        /** @description `next_cursor` of the page before. */
        cursor?: string;
        /** @description Only those that stand here. */
        state?: components["schemas"]["DeploymentState"];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentPage"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  deploy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DeployOrder"];
      };
    };
    responses: {
      202: {
        headers: {
          /** @description The deployment */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentSummary"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`, `fresh-sign-in-required` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `order-refused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  deployments_overview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentsOverview"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  pause_platform: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PauseOrder"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentsOverview"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`, `fresh-sign-in-required` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `order-refused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  plan_deployment: {
    parameters: {
      query: {
        /**
         * @description A branch, a tag or a commit.
         * @example main
         */
        ref: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentPlan"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  resume_deployments: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentsOverview"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`, `fresh-sign-in-required` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `order-refused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_deployment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its number */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Deployment"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  cancel_deployment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its number */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentSummary"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`, `fresh-sign-in-required` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It has ended: `order-refused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  follow_deployment: {
    parameters: {
      query?: never;
      header?: {
        /** @description The number of the last line seen */
        "Last-Event-ID"?: number | null;
      };
      path: {
        /** @description Its number */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events; this is the data of `line` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/event-stream": components["schemas"]["DeploymentLogLine"];
        };
      };
      /** @description Last-Event-ID is no number */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  download_deployment_log: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its number */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The log */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/plain": string;
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  roll_back: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The number of the deployment to go back to */
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["RollbackOrder"];
      };
    };
    responses: {
      202: {
        headers: {
          /** @description The rollback */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeploymentSummary"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `forbidden`, `fresh-sign-in-required` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `order-refused`, `schema-too-new` (with `stranded_jobs`) */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  follow_everything: {
    parameters: {
      query?: never;
      header?: {
        /** @description The id of the last event seen */
        "Last-Event-ID"?: string | null;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events; the data of `snapshot` is this */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/event-stream": components["schemas"]["EventsSnapshot"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_shared: {
    parameters: {
      query?: never;
      header: {
        /** @description What stands behind `#token=` in the link */
        "X-Share-Token": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SharedAnalysis"];
        };
      };
      /** @description The link does not work: unknown, expired or revoked, which is not told apart */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_shared_script: {
    parameters: {
      query?: never;
      header: {
        /** @description What stands behind `#token=` in the link */
        "X-Share-Token": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The script, as an attachment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/x-python": string;
        };
      };
      /** @description The link does not work, or there is no script for the result (`no-script`) */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  status: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusNow"];
        };
      };
      /** @description A token that is no good */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  test_alerts: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusAlertTest"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `no-alert-channels` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  beat: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The part */
        part: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Noted */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `wrong-token` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  status_history: {
    parameters: {
      query?: {
        /** @description How many days, today among them. */
        days?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusHistory"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description A token that is no good */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_incidents: {
    parameters: {
      query?: {
        /** @description `next` of the page before; left out for the newest. */
        before?: number;
        /** @description How many. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusIncidentPage"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description A token that is no good */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  part_latency: {
    parameters: {
      query?: {
        /** @description How many hours back from now. */
        hours?: number;
      };
      header?: never;
      path: {
        /** @description The part */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusLatency"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description A token that is no good */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  status_timeline: {
    parameters: {
      query?: {
        /** @description How many days back from now. */
        days?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusTimeline"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description A token that is no good */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_windows: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusWindow"][];
        };
      };
      /** @description A token that is no good */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  announce_window: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["StatusWindowOrder"];
      };
    };
    responses: {
      201: {
        headers: {
          /** @description The window */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StatusWindow"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  end_window: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Its number */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It has ended */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not an admin */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  create_upload: {
    parameters: {
      query?: never;
      header: {
        /** @description 1.0.0 */
        "Tus-Resumable": string;
        /** @description Bytes of the whole file */
        "Upload-Length": number;
        /** @description Keys with values in base64, separated by commas */
        "Upload-Metadata": string;
        /** @description Of the bytes that come along */
        "Upload-Checksum"?: string | null;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/offset+octet-stream": components["schemas"]["TableBytes"] | null;
      };
    };
    responses: {
      /** @description Begun */
      201: {
        headers: {
          /** @description What became of it, when all bytes came along */
          "Dataset-Id"?: string;
          /** @description The upload */
          Location?: string;
          /** @description 1.0.0 */
          "Tus-Resumable"?: string;
          /** @description When it is given up */
          "Upload-Expires"?: string;
          /** @description Bytes that are there, durably */
          "Upload-Offset"?: number;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A header is missing or cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller may not upload there */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such workspace of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller has no workspace of their own and names none */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Another version of tus */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Larger than allowed */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No name, a wrong id, or an empty file; or all bytes came along and are not a table */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description As many uploads as allowed are open (`open`: their ids) */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The bytes do not have the checksum they were sent with */
      460: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description As many uploads as possible are under way, or something is away */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The disk is nearly full (`used_share`, `limit_share`); what has begun may go on */
      507: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  describe_uploads: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description In the headers */
      204: {
        headers: {
          /** @description sha1, sha256 */
          "Tus-Checksum-Algorithm"?: string;
          /** @description creation, creation-with-upload, checksum, expiration, termination */
          "Tus-Extension"?: string;
          /** @description Largest `Upload-Length` */
          "Tus-Max-Size"?: number;
          /** @description 1.0.0 */
          "Tus-Resumable"?: string;
          /** @description 1.0.0 */
          "Tus-Version"?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_upload: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The upload */
        id: components["schemas"]["UploadId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The upload */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Upload"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such upload of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It was deleted, or its time is up */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  delete_upload: {
    parameters: {
      query?: never;
      header: {
        /** @description 1.0.0 */
        "Tus-Resumable": string;
      };
      path: {
        /** @description The upload */
        id: components["schemas"]["UploadId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such upload of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It is gone already */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Another version of tus */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Complete, and being checked */
      423: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  head_upload: {
    parameters: {
      query?: never;
      header: {
        /** @description 1.0.0 */
        "Tus-Resumable": string;
      };
      path: {
        /** @description The upload */
        id: components["schemas"]["UploadId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How far it has come */
      200: {
        headers: {
          /** @description What became of it, once complete */
          "Dataset-Id"?: string;
          /** @description 1.0.0 */
          "Tus-Resumable"?: string;
          /** @description When it is given up */
          "Upload-Expires"?: string;
          /** @description Bytes it will have */
          "Upload-Length"?: number;
          /** @description As it was sent */
          "Upload-Metadata"?: string;
          /** @description Bytes that are there, durably */
          "Upload-Offset"?: number;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such upload of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It was no table, was deleted, or its time is up */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Another version of tus */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Complete, and being checked */
      423: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  append_upload: {
    parameters: {
      query?: never;
      header: {
        /** @description 1.0.0 */
        "Tus-Resumable": string;
        /** @description Where the bytes belong: as many as are there */
        "Upload-Offset": number;
        /** @description `sha1` or `sha256`, a blank, the digest in base64 */
        "Upload-Checksum"?: string | null;
      };
      path: {
        /** @description The upload */
        id: components["schemas"]["UploadId"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/offset+octet-stream": components["schemas"]["TableBytes"];
      };
    };
    responses: {
      /** @description Added */
      204: {
        headers: {
          /** @description What became of it, once complete */
          "Dataset-Id"?: string;
          /** @description 1.0.0 */
          "Tus-Resumable"?: string;
          /** @description When it is given up */
          "Upload-Expires"?: string;
          /** @description Bytes that are there, durably */
          "Upload-Offset"?: number;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A header cannot be read, or the body was cut short */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The caller is a viewer of the workspace */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description No such upload of the caller's */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The upload is at another offset (`offset_bytes`), or another request was quicker */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description It was no table (`problem`), was deleted, or its time is up */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Another version of tus */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description More bytes than were declared, or too large once decompressed */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Another media type than application/offset+octet-stream */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Complete and not a table; `reason`, `line` and `column` say why and where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Complete, and being checked */
      423: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The bytes do not have the checksum they were sent with */
      460: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description As many uploads as possible are under way, or something is away */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_workspaces: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WorkspaceList"];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  create_workspace: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["WorkspaceName"];
      };
    };
    responses: {
      201: {
        headers: {
          /** @description The workspace */
          location?: string;
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WorkspaceAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_workspace: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["WorkspaceId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WorkspaceAnswer"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  rename_workspace: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["WorkspaceId"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["WorkspaceName"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WorkspaceAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  list_members: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["WorkspaceId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MemberList"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  add_member: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["WorkspaceId"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewMember"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MemberAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `last-owner` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Nobody has this address */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  put_member: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["WorkspaceId"];
        user_id: components["schemas"]["UserId"];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["MemberRole"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MemberAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `last-owner` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  remove_member: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components["schemas"]["WorkspaceId"];
        user_id: components["schemas"]["UserId"];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `last-owner` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  jwks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, unknown>;
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  accept_link: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AcceptRequest"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TokenAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `otp_expired` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `weak_password` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `over_request_rate_limit`: too many attempts; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  logout: {
    parameters: {
      query?: {
        /**
         * @description `global` (all sessions of the caller, the default), `local` (this one) or `others` (all but this one).
         * @example local
         */
        scope?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  token: {
    parameters: {
      query?: {
        /** @description `password` or `refresh_token`. */
        grant_type?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["TokenRequest"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TokenAnswer"];
        };
      };
      /** @description `invalid_credentials`, `refresh_token_not_found`, `refresh_token_already_used`, `unsupported_grant_type`, `validation_failed` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `over_request_rate_limit`: too many attempts; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  get_own_user: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AuthUser"];
        };
      };
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  change_own_user: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["UserChange"];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AuthUser"];
        };
      };
      /** @description `invalid_credentials`, `reauthentication_needed`, `validation_failed` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `weak_password`, `same_password` */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  config_json: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PublicConfig"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
  health: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description `pass` or `warn`: the platform works */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/health+json": components["schemas"]["Health"];
        };
      };
      /** @description A token that is no good */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description `fail`: something critical is down, or the checks themselves hang */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/health+json": components["schemas"]["Health"];
        };
      };
    };
  };
  github_webhook: {
    parameters: {
      query?: never;
      header: {
        /** @description `ping`, `push`, `workflow_run`; others are noted */
        "X-GitHub-Event": string;
        /** @description The delivery's id */
        "X-GitHub-Delivery": string;
        /** @description `sha256=` and the HMAC-SHA-256 of the body's bytes */
        "X-Hub-Signature-256": string;
      };
      path?: never;
      cookie?: never;
    };
    /** @description The event, at most 25 MB */
    requestBody: {
      content: {
        "application/json": Record<string, unknown>;
      };
    };
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HookAnswer"];
        };
      };
      /** @description The query or body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The signature is missing or wrong: `wrong-signature` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description There is no secret, so there is no webhook */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body is of another media type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description The body's values cannot be used */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too many requests; wait as `Retry-After` says */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Too much to do, or something it needs is away; wait as `Retry-After` says */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
    };
  };
}
