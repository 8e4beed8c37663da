"""Makes an MLflow server of this container's variables, and becomes it.

Read as files too, by NAME_FILE: MLFLOW_DATABASE_URL, DO_SPACES_KEY, DO_SPACES_SECRET. What each is for: docs/mlflow.md.
"""

import os
import subprocess
import sys
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

# Of the advisory lock that one container holds while it makes or upgrades MLflow's tables ("mlflow" in ASCII).
LOCK = 0x6D6C666C6F77
# Roles by which Supabase's Data API reads; they exist there alone.
FOREIGN_ROLES = ("anon", "authenticated")

UPGRADE = """
import sys
from mlflow.store.db.utils import _safe_initialize_tables, _upgrade_db, create_sqlalchemy_engine_with_retry
engine = create_sqlalchemy_engine_with_retry(sys.stdin.read())
_safe_initialize_tables(engine)
_upgrade_db(engine)
"""

# MLflow waits beside the server that it starts, with memory of its own: it is made to become it instead.
SERVE = """
import os
import mlflow.server

def become(command, extra_env=None, **_):
    os.execvpe(command[0], command, {**os.environ, **(extra_env or {})})

mlflow.server._exec_cmd = become
from mlflow.cli import cli
cli(prog_name="mlflow")
"""


def stop(message):
    """Ends with the code for a wrong configuration."""
    print(f"mlflow: {message}", file=sys.stderr)
    sys.exit(78)


def setting(name, default=""):
    """The variable, or what stands in the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return os.environ.get(name, "").strip() or default
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip() or default
    except OSError as error:
        return stop(f"{name}_FILE: {error}")


def database_urls():
    """For psycopg2 itself, for MLflow, and the schema of our own, if there is one."""
    given = setting("MLFLOW_DATABASE_URL")
    if not given:
        stop("set MLFLOW_DATABASE_URL or MLFLOW_DATABASE_URL_FILE: postgresql://USER:PASSWORD@HOST/DATABASE")
    parts = urlsplit(given)
    if parts.scheme not in ("postgres", "postgresql"):
        stop(f"MLFLOW_DATABASE_URL begins with {parts.scheme}://; only postgresql:// is known")
    schema = setting("MLFLOW_DATABASE_SCHEMA")
    if not schema.replace("_", "").isalnum() and schema:
        stop(f"MLFLOW_DATABASE_SCHEMA={schema}: letters, digits and _ only")
    query = dict(parse_qsl(parts.query))
    if schema:
        query["options"] = f"{query.get('options', '')} -csearch_path={schema}".strip()
    # Spaces as %20: libpq does not know +.
    query = urlencode(query, quote_via=quote)
    plain = urlunsplit(("postgresql", parts.netloc, parts.path, query, ""))
    return plain, urlunsplit(("postgresql+psycopg2", parts.netloc, parts.path, query, "")), schema


def connect(url):
    """A connection; the database is made where it is missing and this role may."""
    import psycopg2

    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        parts = urlsplit(url)
        name = parts.path.lstrip("/")
        if f'database "{name}" does not exist' not in str(error):
            raise
        other = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")), connect_timeout=10)
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute('CREATE DATABASE "{}"'.format(name.replace('"', '""')))
            cursor.execute('REVOKE ALL ON DATABASE "{}" FROM PUBLIC'.format(name.replace('"', '""')))
        other.close()
        connection = psycopg2.connect(url, connect_timeout=10)
    connection.autocommit = True
    return connection


def prepare(plain, for_mlflow, schema):
    """MLflow's tables as this version wants them; two containers that start at once take turns."""
    connection = connect(plain)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        if schema:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            cursor.execute(f'REVOKE ALL ON SCHEMA "{schema}" FROM PUBLIC')
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(FOREIGN_ROLES),))
            for (role,) in cursor.fetchall():
                cursor.execute(f'REVOKE ALL ON SCHEMA "{schema}" FROM "{role}"')
        # In a process of its own, whose memory is given back. The URL goes by a pipe: a command line can be read by anybody.
        subprocess.run([sys.executable, "-c", UPGRADE], input=for_mlflow, text=True, check=True)
    connection.close()


def use_spaces():
    """DO Spaces by its own variables, where the usual ones are not set."""
    names = {
        "DO_SPACES_KEY": "AWS_ACCESS_KEY_ID",
        "DO_SPACES_SECRET": "AWS_SECRET_ACCESS_KEY",
        "DO_SPACES_ENDPOINT": "MLFLOW_S3_ENDPOINT_URL",
    }
    for ours, theirs in names.items():
        value = setting(ours)
        if value and not os.environ.get(theirs):
            os.environ[theirs] = value if "KEY" in theirs or "://" in value else f"https://{value}"
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")


def serve(for_mlflow):
    """Becomes the server."""
    hosts = ["mlflow", "mlflow:5000", "localhost", "localhost:5000", "127.0.0.1", "127.0.0.1:5000"]
    hosts += [host.strip() for host in setting("MLFLOW_ALLOWED_HOSTS").split(",") if host.strip()]
    root = setting("MLFLOW_ARTIFACT_ROOT", "/mlflow/artifacts")
    if root.startswith("s3://"):
        use_spaces()
    # By the environment: a command line can be read by anybody.
    os.environ["MLFLOW_BACKEND_STORE_URI"] = for_mlflow
    os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "true"
    for name in ("MLFLOW_DATABASE_URL", "DO_SPACES_KEY", "DO_SPACES_SECRET", "MLFLOW_ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    arguments = ["server", "--host", setting("MLFLOW_HOST", "0.0.0.0"), "--port", setting("MLFLOW_PORT", "5000")]
    arguments += ["--workers", "1", "--serve-artifacts", "--artifacts-destination", root]
    arguments += ["--static-prefix", "/mlflow", "--allowed-hosts", ",".join(hosts)]
    os.execv(sys.executable, [sys.executable, "-c", SERVE, *arguments])


def main():
    """Prepares and serves; with `healthcheck` asks the running server instead."""
    if sys.argv[1:] == ["healthcheck"]:
        import urllib.request

        port = setting("MLFLOW_PORT", "5000")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/mlflow/health", timeout=3) as answer:
            sys.exit(0 if answer.status == 200 else 1)
    plain, for_mlflow, schema = database_urls()
    prepare(plain, for_mlflow, schema)
    serve(for_mlflow)


if __name__ == "__main__":
    main()
