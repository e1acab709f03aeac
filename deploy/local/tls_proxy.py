#!/usr/bin/python3
"""Takes HTTPS and passes it on as HTTP, as the proxy in front of a public listener does: unsubscribe links are https links.

usage: tls_proxy.py LISTEN_HOST:PORT TO_HOST:PORT CERTIFICATE KEY
"""

import asyncio
import contextlib
import signal
import ssl
import sys


def split(address):
    host, _, port = address.rpartition(":")
    return host, int(port)


async def copy(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


async def serve(listen, target, certificate, key):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    async def connected(reader, writer):
        try:
            onward_reader, onward_writer = await asyncio.open_connection(*split(target))
        except OSError:
            writer.close()
            return
        upwards = asyncio.create_task(copy(reader, onward_writer))
        await copy(onward_reader, writer)  # The listener answers one request a connection and closes.
        upwards.cancel()
        onward_writer.close()
        writer.close()

    stopped = asyncio.get_running_loop().create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, lambda: stopped.done() or stopped.set_result(None))
    server = await asyncio.start_server(connected, *split(listen), ssl=context)
    await stopped
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
