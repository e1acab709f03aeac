"""What else is told, and by whom: a newsletter as a reader would get it, a correction to those who got the story, a reader's letter to the desk."""

import email
import email.policy
import time
import uuid

from masthead.articles.v1 import block_pb2, correction_pb2, corrections_service_pb2, corrections_service_pb2_grpc
from masthead.notifications.v1 import delivery_service_pb2, desk_letter_pb2, desk_letter_service_pb2, desk_letter_service_pb2_grpc
from masthead.notifications.v1 import message_service_pb2, template_service_pb2, template_service_pb2_grpc

PATIENCE_SECONDS = 60


def preview_newsletter(newsroom, published, text, reader, say):
    """Whether a newsletter of the article holds for the reader what the gate lets out, and no more."""
    stub = template_service_pb2_grpc.TemplateServiceStub(newsroom.channels["notifications"])
    letter = newsroom.call(stub.PreviewTemplate, template_service_pb2.PreviewTemplateRequest(
        name="templates/newsletter@1", values={"headline": "This week"}, articles=[published.name], recipient=f"recipients/{reader.id}", locale="en"))
    held = [paragraph for paragraph in text.paragraphs if " ".join(paragraph.split()[:5]) in " ".join(letter.text.split())]
    invited = "Subscribe to read on" in letter.text
    say(f"{reader.name}'s newsletter would hold {len(held)} of {len(text.paragraphs)} paragraphs, {letter.size_bytes} bytes, and "
        f"{'asks' if invited else 'does not ask'} to subscribe.")
    return held == text.paragraphs[:text.preview_paragraphs] and invited


def correct(newsroom, published, editor, told, say, wait_for):
    """Whether a correction reached exactly those who were told the story."""
    stub = corrections_service_pb2_grpc.CorrectionsServiceStub(newsroom.channels["articles"])
    newsroom.call(stub.CreateCorrection, corrections_service_pb2.CreateCorrectionRequest(
        parent=published.name, article_etag="*", request_id=str(uuid.uuid4()), correction=correction_pb2.Correction(
            kind=correction_pb2.Correction.CORRECTION,
            text=block_pb2.RichText(text="An earlier version of this article gave a wrong number of volunteers."))), editor)

    def notice():
        listed = newsroom.call(newsroom.messages.ListMessages, message_service_pb2.ListMessagesRequest(article=published.name))
        return next((one for one in listed.messages if one.HasField("notice")), None)

    message = wait_for("a notice about the correction", notice)
    metadata = [("authorization", f"Bearer {newsroom.own_token}")]
    for update in newsroom.messages.WatchMessage(message_service_pb2.WatchMessageRequest(name=message.name), timeout=PATIENCE_SECONDS, metadata=metadata):
        message = update.message
    deliveries = newsroom.call(newsroom.deliveries.ListDeliveries, delivery_service_pb2.ListDeliveriesRequest(parent=message.name)).deliveries
    corrected = {one.recipient.removeprefix("recipients/") for one in deliveries}
    say(f"Olena corrected it; {message.counts.sent} were told of that: {', '.join(sorted(corrected))}.")
    return corrected == told


def write_to_the_desk(newsroom, local, published, desk, address, reader, say, wait_for):
    """Whether a reader's letter reached the desk, to be answered to the reader."""
    seen = set(local.mail.glob("*.eml"))
    stub = desk_letter_service_pb2_grpc.DeskLetterServiceStub(newsroom.channels["notifications"])
    begin = time.monotonic()
    # Other words at every run: the same are not taken twice a day.
    taken = newsroom.call(stub.SendDeskLetter, desk_letter_service_pb2.SendDeskLetterRequest(
        client_address=f"198.51.100.{uuid.uuid4().int % 254 + 1}", request_id=str(uuid.uuid4()), desk_letter=desk_letter_pb2.DeskLetter(
            desk=desk, kind=desk_letter_pb2.DeskLetter.FEEDBACK, article=published.name, sender_name=reader.name,
            sender_address=f"{reader.id}+{uuid.uuid4().hex[:8]}@readers.example", subject="Thank you",
            text=f"It was good to read this. My ticket has the number {uuid.uuid4().hex}.")))

    def arrived():
        for file in set(local.mail.glob("*.eml")) - seen:
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if message["X-Envelope-To"] == address:
                return message
        return None

    letter = wait_for("the letter to the desk", arrived)
    say(f"{reader.name} wrote to the desk; {address} had it after {time.monotonic() - begin:.1f} s: \"{letter['Subject']}\", answers to {letter['Reply-To']}.")
    return letter["Reply-To"] == taken.sender_address and taken.text in " ".join(letter.get_content().split())
