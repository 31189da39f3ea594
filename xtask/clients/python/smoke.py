"""Uses the generated client as a program would: signs in, deploys a database, follows it, and reads its login.

usage: python3 smoke.py URL NAME PASSWORD, with the generated package `stardeck_client` on the path
"""

import sys

from stardeck_client import AuthenticatedClient, Client
from stardeck_client.api.audit import export_audit
from stardeck_client.api.auth import login
from stardeck_client.api.databases import create_database, get_credentials, list_databases
from stardeck_client.api.health import get_metrics, live
from stardeck_client.api.operations import get_operation
from stardeck_client.models import (
    CheckStatus,
    CreateDatabaseRequest,
    DatabaseStatus,
    Engine,
    LoginRequest,
    OperationState,
    Problem,
    ProblemCode,
    Role,
)


def need(holds, what):
    """Ends the program where something does not hold."""
    if not holds:
        sys.exit(f"smoke.py: {what}")


def main():
    """The way through the API."""
    url, name, password = sys.argv[1:]
    stranger = Client(base_url=url)
    need(live.sync(client=stranger).status is CheckStatus.OK, "the server does not live")

    refused = login.sync(client=stranger, body=LoginRequest(username="ada", password="wrong"))
    need(isinstance(refused, Problem), "a wrong password is not refused")
    need(refused.code is ProblemCode.LOGIN_FAILED, "a wrong password is not refused as such")
    session = login.sync(client=stranger, body=LoginRequest(username="ada", password=password))
    need(session.user.role is Role.ADMIN, "not signed in as administrator")
    client = AuthenticatedClient(base_url=url, token=session.token)

    request = CreateDatabaseRequest(type_=Engine.POSTGRESQL, name=name, version="16")
    operation = create_database.sync(client=client, body=request).operation
    while operation.state in (OperationState.QUEUED, OperationState.RUNNING):
        operation = get_operation.sync(operation.id, client=client)
    need(operation.state is OperationState.SUCCEEDED, f"the deployment ended as {operation.state}")

    listed = list_databases.sync(client=client, limit=1000)
    found = next(database for database in listed.items if database.name == name)
    need(found.status is DatabaseStatus.RUNNING, f"it is {found.status} in the list")
    need(found.external_port is None, "it has a port that nobody asked for")
    credentials = get_credentials.sync(found.id, client=client)
    need(f"@{name}:" in credentials.internal_url, "its URL does not lead to it")

    need(name in export_audit.sync(client=client), "the audit log does not name it")
    need("stardeck" in get_metrics.sync(client=client), "the metrics are not there")


main()
