"""Uploads over HTTP. The files themselves travel between the client and the S3 store."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import MINUTES
from control.operations import Call, Document, Operations, Rate
from control.uploads import asking, confirming, reading
from control.uploads.views import AskUpload, ContentQuery, ReadableUpload, SignedUpload, Upload

operations = Operations(
    "uploads",
    "Files: ask for a place, send the file straight to the store, confirm it. Nothing of it passes through here.",
)


@operations.post(
    "/api/v1/uploads",
    permission="upload.create",
    status=201,
    errors=("upload_type_refused", "upload_too_large", "too_many_uploads", "not_a_member", "unavailable"),
    rate=Rate(120, per=10 * MINUTES),
)
async def ask_upload(call: Call, body: AskUpload) -> SignedUpload:
    """Ask to send a file. What for decides how large it may be and of which types. The answer is good for two minutes and
    for that one file; what is not confirmed within the hour is swept away, and what is put to no use within a day. Twenty
    files may be open at once, and 500 MiB in use nowhere."""
    return await asking.ask(call.services, call.person.user, body)


@operations.post(
    "/api/v1/uploads/{upload}/confirm",
    permission="upload.create",
    errors=("not_found", "upload_missing", "upload_mismatch", "unavailable"),
    rate=Rate(240, per=10 * MINUTES),
)
async def confirm_upload(call: Call, upload: Uuid) -> Upload:
    """Confirm that the file was sent. It is looked at: another size or type than was asked for is refused, and the file is
    gone. Pictures get a thumbnail. Confirming again changes nothing."""
    return await confirming.confirm(call.services, call.person.user, upload)


@operations.get("/api/v1/uploads/{upload}", permission="upload.read", errors=("not_found", "unavailable"))
async def get_upload(call: Call, upload: Uuid) -> ReadableUpload:
    """One file, with URLs that give it for two minutes. For its owner, and for who may see what it belongs to: the profile,
    the room, the class, the message, the application. What belongs to nothing yet is its owner's alone."""
    return await reading.read(call.services, call.person, upload)


@operations.get(
    "/api/v1/uploads/{upload}/content",
    permission="upload.read",
    status=303,
    errors=("not_found", "unavailable"),
)
async def get_upload_content(call: Call, upload: Uuid, query: ContentQuery) -> Document:
    """Go to the file. Redirects to a signed URL, so that a page can show it by this address."""
    return await reading.content(call.services, call.person, upload, query)
