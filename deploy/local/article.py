"""The article that a local run publishes: ours, or one read from a newspaper's page given as plain text."""

import dataclasses
import re

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
BYLINE = re.compile(rf"by (?P<desk>.+?)\s*(?:{MONTHS}) \d{{1,2}}, \d{{4}} \d{{1,2}}:\d{{2}} [ap]m")


@dataclasses.dataclass
class Article:
    headline: str
    dek: str
    paragraphs: list
    desk: str
    biography: str
    contact_email: str
    section: str
    tags: list
    # Readers without the tier see this many paragraphs.
    preview_paragraphs: int = 2


OURS = Article(
    headline="The library on Mill Street opens its night shift to everyone",
    dek="From Monday the reading room stays lit until two in the morning, staffed by volunteers and paid for by the people who use it.",
    paragraphs=[
        "For eleven years the reading room on Mill Street closed at six, an hour before most of its neighbours came home from work. "
        "From Monday it will close at two in the morning.",
        "The change was voted through on Thursday by 214 members of the library's association, after a trial in October in which the room "
        "was never empty before midnight.",
        "Night visitors will find the ground floor, the newspapers and the tea kitchen open. The stacks above stay locked after ten, because "
        "the lift has not passed its inspection since the spring.",
        "Forty-one volunteers have signed up for shifts of three hours. Each was trained for an evening, chiefly, they say, in what to do "
        "when somebody falls asleep: nothing at all.",
        "The cost, about 900 a month for heating and a night porter, is met by subscriptions. Nobody is asked for a card at the door.",
    ],
    desk="The Masthead news desk",
    biography="We are the news team of Masthead: we write down what changes in town while it changes. Write to us with corrections and tips.",
    contact_email="desk@masthead.example",
    section="Community",
    tags=["Libraries", "Volunteers"],
)


def from_page(text):
    """Reads headline, byline, dek, body and the desk's biography from a page's text; what stands around them is left out."""
    lines = [line.strip() for line in text.splitlines()]
    at = next((number for number, line in enumerate(lines) if BYLINE.fullmatch(line)), None)
    if at is None:
        raise ValueError("no line of the form `by DESK Month D, YYYY H:MM pm`")
    desk = BYLINE.fullmatch(lines[at])["desk"]
    headline = next((line for line in reversed(lines[:at]) if line), None)
    rest = [line for line in lines[at + 1:] if line]
    if headline is None or desk not in rest or rest.index(desk) < 2:
        raise ValueError("a page has a headline, a byline, a dek, a body, and the desk's name again before its biography")
    end = rest.index(desk)
    about = [line for line in rest[end:] if line != desk]
    return Article(headline=headline, dek=rest[0], paragraphs=rest[1:end], desk=desk, biography=about[0] if about else "",
                   contact_email="", section="News", tags=[])
