#!/usr/bin/python3
"""An SMTP server as bad as the world: puts off, refuses, takes a letter and never says so, says nothing at all, hangs up half.

usage: hurtful_sink.py HOST:PORT JOURNAL SEED

Each letter that it takes is a line of JOURNAL: address, Message-ID, subject. Addresses that begin with `nobody-` are refused for good. SIGUSR1 makes
it kind from then on.
"""

import asyncio
import email.parser
import email.policy
import random
import signal
import sys

from aiosmtpd.smtp import SMTP

PUT_OFF_AT_RCPT = 0.03
# After the final dot, of what was taken.
ANSWER_LOST, HALF_CLOSED, SILENT = 0.01, 0.01, 0.002
# And of what was not.
PUT_OFF = 0.03
NOBODY = "nobody-"


class HurtfulSink:
    def __init__(self, journal, seed):
        self.journal = open(journal, "a", buffering=1)
        self.dice = random.Random(seed)
        self.kind = False

    def strikes(self, chance):
        return not self.kind and self.dice.random() < chance

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith(NOBODY):
            return "550 5.1.1 nobody here"
        if self.strikes(PUT_OFF_AT_RCPT):
            return "451 4.3.0 later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 yes"

    async def handle_DATA(self, server, session, envelope):
        if self.strikes(PUT_OFF):
            return "451 4.3.0 later"
        header = email.parser.BytesHeaderParser(policy=email.policy.default).parsebytes(envelope.original_content)
        for address in envelope.rcpt_tos:
            print(address, header["Message-ID"], header["Subject"], sep="\t", file=self.journal)
        if self.strikes(ANSWER_LOST):
            server.transport.abort()
        elif self.strikes(HALF_CLOSED):
            server.transport.write_eof()
        elif self.strikes(SILENT):
            await asyncio.Future()
        return "250 2.0.0 taken"


async def serve(address, journal, seed):
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    stopped = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: stopped.done() or stopped.set_result(None))
    sink = HurtfulSink(journal, seed)
    loop.add_signal_handler(signal.SIGUSR1, lambda: setattr(sink, "kind", True))
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost", enable_SMTPUTF8=True, loop=loop), host, int(port))
    await stopped
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], sys.argv[3]))
