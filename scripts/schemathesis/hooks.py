"""What Schemathesis does not know of itself: bytes of an upload are bytes, whatever their media type is called."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
