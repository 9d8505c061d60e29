"""A mail server for tests: counts, delays, refuses, hangs up. What it took stands in a file, a JSON line each, written
before it is confirmed. By the recipient's name before the first dot: refuse-550, later-451, hangup-rcpt, hangup-data (before
the text), hangup-dot (takes it, and hangs up instead of confirming)."""

import argparse
import asyncio
import email
import json
import logging
import os
import ssl
import time

from aiosmtpd.smtp import SMTP, AuthResult

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, default=0)
arguments.add_argument("--mailbox", required=True)
arguments.add_argument("--certificate")
arguments.add_argument("--key")
arguments.add_argument("--tls", choices=["none", "starttls", "tls"], default="none")
arguments.add_argument("--user")
arguments.add_argument("--password")
arguments.add_argument("--pipelining", action="store_true")
arguments.add_argument("--whole", action="store_true", help="keep the text too")
arguments.add_argument("--delay", type=float, default=0, help="seconds for each message")
arguments.add_argument("--per-connection", type=int, default=0, help="messages until it says 421")
args = arguments.parse_args()
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
mailbox = os.open(args.mailbox, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def behaviour(recipient):
    return recipient.split("@")[0].split(".")[0]


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        session.taken = 0
        return (responses[:-1] + ["250-PIPELINING"] if args.pipelining else responses[:-1]) + responses[-1:]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if args.per_connection and session.taken >= args.per_connection:
            return "421 4.7.0 Too many messages on this connection"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        does = behaviour(address)
        if does == "refuse-550":
            return "550 5.1.1 No such user here"
        if does == "later-451":
            return "451 4.7.1 Greylisted, come again"
        if does == "hangup-rcpt":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if args.delay:
            await asyncio.sleep(args.delay)
        text = email.message_from_bytes(envelope.content)
        mail = {"id": text["Message-ID"], "to": envelope.rcpt_tos[0], "from": envelope.mail_from, "at": time.time(),
                "tls": server.transport.get_extra_info("sslcontext") is not None, "user": session.auth_data.decode() if session.auth_data else None}
        if args.whole:
            mail["text"] = envelope.content.decode()
        os.write(mailbox, (json.dumps(mail) + "\n").encode())
        session.taken += 1
        if behaviour(envelope.rcpt_tos[0]) == "hangup-dot":
            server.transport.abort()
        return "250 2.0.0 OK: queued"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if self.envelope and self.envelope.rcpt_tos and behaviour(self.envelope.rcpt_tos[0]) == "hangup-data":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == args.user.encode() and data.password == args.password.encode()
    return AuthResult(success=right, handled=False, auth_data=data.login if right else None)


async def main():
    context = None
    if args.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(args.certificate, args.key)

    def connection():
        more = {}
        if args.user:
            more = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": args.tls == "starttls"}
        if args.tls == "starttls":
            more |= {"tls_context": context, "require_starttls": True}
        return Server(Handler(), enable_SMTPUTF8=True, timeout=120, loop=asyncio.get_running_loop(), **more)

    tls = context if args.tls == "tls" else None
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", args.port, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
