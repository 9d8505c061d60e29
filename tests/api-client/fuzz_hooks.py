"""schemathesis does not know lines of JSON: what it makes of them is sent as it is."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", errors="replace")
