#!/usr/bin/python3
"""An SMTP server that keeps each message as a file, with the envelope in front of it as X-Envelope lines.

usage: mail_sink.py HOST:PORT FOLDER
"""

import asyncio
import itertools
import os
import pathlib
import signal
import sys

from aiosmtpd.smtp import SMTP


class Sink:
    """Writes under a name that is not a message's yet, then renames: a reader of the folder sees whole messages only."""

    def __init__(self, folder):
        self.folder = folder
        self.numbers = itertools.count(len(list(folder.glob("*.eml"))) + 1)

    async def handle_DATA(self, server, session, envelope):
        name = f"{next(self.numbers):06}.eml"
        head = f"X-Envelope-From: {envelope.mail_from}\r\n" + "".join(f"X-Envelope-To: {one}\r\n" for one in envelope.rcpt_tos)
        unfinished = self.folder / f".{name}"
        with open(unfinished, "wb") as file:
            file.write(head.encode() + envelope.original_content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.folder / name)
        return f"250 2.0.0 kept as {name}"


async def serve(address, folder):
    folder.mkdir(parents=True, exist_ok=True)
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    stopped = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: stopped.done() or stopped.set_result(None))
    sink = Sink(folder)
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost", enable_SMTPUTF8=True, loop=loop), host, int(port))
    await stopped
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], pathlib.Path(sys.argv[2])))
