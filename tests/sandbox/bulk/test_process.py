"""`python -m sandbox.bulk` and `python -m sandbox --seed bulk`, as people run them."""

import asyncio
import json
import ssl
import sys
from typing import Any

import httpx

from sandbox.runner import Sandbox
from tests.sandbox.graph.calling import json_of


async def line_of(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    told: dict[str, Any] = json.loads(line)
    return told


async def say(process: asyncio.subprocess.Process, line: str) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()
    return await line_of(process)


async def test_process_serves_and_obeys() -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox.bulk", "--users", "1000", "--latency-ms", "0"),
        *("--warm", "/users?$select=id"),
        stdin=pipe,
        stdout=pipe,
    )
    try:
        ready = await line_of(process)
        context = ssl.create_default_context(cafile=ready["ca"])
        headers = {"Authorization": f"Bearer {ready['token']}"}
        async with httpx.AsyncClient(
            verify=context, headers=headers, trust_env=False
        ) as http:
            users = f"{ready['entra']}/v1.0/users?$select=id&$top=999"
            assert len(json_of(await http.get(users))["value"]) == 999
        assert (await say(process, '{"meter": "clear"}'))["meter"]["requests"] == 0
        done = await say(process, '{"churn": 0.05}')
        assert done["churn"]["users changed"] > 20
        for nonsense in (
            "tea",
            "[]",
            '{"churn": "much"}',
            '{"warm": "/teapots"}',
            '{"warm": "/users?$select=shoeSize"}',
        ):
            assert "error" in await say(process, nonsense)
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_sandbox_with_a_large_directory_behind_it() -> None:
    options = {"latency": 0.0, "throttled": False}
    async with Sandbox(seed="bulk", entra_options=options) as sandbox:
        principal = sandbox.entra.tenant.find_service_principal(
            sandbox.entra.tenant.bot_client_id
        )
        assert principal is not None
        token = sandbox.entra.tokens.issue(
            sandbox.entra.tenant,
            principal,
            audience="https://graph.microsoft.com",
            now=sandbox.entra.now(),
        )
        context = ssl.create_default_context(cafile=str(sandbox.ca_file))
        async with httpx.AsyncClient(verify=context, trust_env=False) as http:
            answer = await http.get(
                f"{sandbox.entra_url}/v1.0/users/$count",
                headers={
                    "Authorization": f"Bearer {token.value}",
                    "ConsistencyLevel": "eventual",
                },
            )

    assert answer.text == "100000"
