"""Captions, notes, bylines and biographies are kept apart from what the author wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.editorial.editorial import split_editorial
from tasks.extract.metadata.authors import authors_from_note, byline_names, clean_names
from tasks.extract.paragraphs.paragraph_kinds import is_boilerplate, is_caption, is_note
from tests.tasks.pages import prose
from tests.tasks.processor import at_most

BODY = prose(5)


@pytest.mark.parametrize(
    "caption",
    [
        "A fisherman mends his nets in Port Amity, Cinder Province, May 2, 2021. /PNA",
        "Dockers wait for work at dawn. /Harbor News Agency Photo",
        "The bridge after the storm. (Photo by Ana Reyes/AFP)",
        "Protesters outside the courthouse on Friday. [Photo/Agencies]",
        "FILE PHOTO: The mayor arrives at the town hall, March 3, 2020. REUTERS/Jo Park",
        "Snow on the pass last week. (AP Photo/Lee Moss)",
        "Photo: Maria Lund",
        "Photograph: Sven Aas/Getty Images",
        "An empty classroom in June | Getty Images",
        "Illustration by Ida Holm",
        "Image credit: Port Authority",
        "Workers on strike in the harbour. Credit: Shutterstock",
        "© 2024 The Harbor Company. All rights reserved.",
        "Copyright 2024 The Harbor Company.",
        "Copyright: The Harbor Company",
        "Copyright The Harbor Company. All rights reserved.",
        "Dockers at dawn. Photo: Maria Lund / Reuters",
        "Dockers at dawn. Photos: Maria Lund and Sven Aas, The Gull",
        "Dockers wait for work. Hundreds have come since May, and most will be sent home. (Photo by Maria Lund)",
        "Dockers at dawn (Photo Maria Lund, The Gull)",
        "Dockers at dawn. (Photo provided)",
        "(Photo Illustration: The Gull; images: Dreamstime)",
        "Dockers at dawn. (File photo is a screen grab from Port TV)",
        "Dockers at dawn. (Image source: Port Authority).",
        "Dockers at dawn. (AFP via Getty Images)",
        "Dockers at dawn. (Reuters file photo)",
        "Dockers at dawn. (Shutterstock.com)",
        "Dockers at dawn, 2021 (AP Photo/Lee Moss, 2021)",
        "Dockers at dawn. (Credit: Maria Lund)",
        "Dockers and ferries in Port Amity since 2000 (Source: Port Authority)",
    ],
)
def test_captions_and_credits_of_many_agencies_are_recognized(caption):
    assert is_caption(caption)
    split = split_editorial([caption, *BODY])
    assert split.captions == (caption,)
    assert split.body == tuple(BODY)


@pytest.mark.parametrize(
    "sentence",
    [
        "We need schools and/or libraries.",
        "The speed limit is 30 km/h",
        "He bought a picture by a painter nobody knew, and hung it over the sofa.",
        "I took the photo myself: it shows nothing.",
        "The image of the city has changed.",
        "They photographed everything that summer.",
        "Here is the bigger picture: we are poorer than we were.",
        "Here is the bigger picture: Britain is poorer than it was.",
        "Copyright law is broken and Parliament should rewrite it.",
        "Copyright, like land, belongs to whoever can defend it.",
    ],
)
def test_ordinary_sentences_are_no_captions(sentence):
    assert not is_caption(sentence)


@pytest.mark.parametrize(
    ("note", "authors"),
    [
        (
            "Editor's note: Ada Birch is a senior fellow at the Institute of Tides. The article reflects the author's "
            "opinions and not necessarily the views of The Gull.",
            ("Ada Birch",),
        ),
        ("Editor’s Note — Jean-Luc O’Neil, a former pilot, teaches law in Marston.", ("Jean-Luc O’Neil",)),
        ("EDITOR'S NOTE: Li Wei and Anna de la Cruz are economists in Porto.", ("Li Wei", "Anna de la Cruz")),
        ("[Editors' note: This piece was written by Tom Reed.]", ("Tom Reed",)),
        ("Note: Dr. Ruth Amos is a nurse. The views expressed are her own.", ("Ruth Amos",)),
        ("Author: Mia Stone", ("Mia Stone",)),
        ("About the author: J. R. Hale is a columnist.", ("J. R. Hale",)),
        ("Editor's note: E.J. Dionne is a columnist.", ("E.J. Dionne",)),
        ("Editor's note: U.S. Rep. Ada Birch is a pilot.", ("Ada Birch",)),
        ("Editor's note: Ada Birch, Jr., is a pilot.", ("Ada Birch Jr.",)),
        ("This piece was written by Ada Birch, Li Wei, and Tom Reed.", ("Ada Birch", "Li Wei", "Tom Reed")),
        (
            "Editor's note: Ada Birch, Li Wei, and Tom Reed are fellows at the Institute of Tides.",
            ("Ada Birch", "Li Wei", "Tom Reed"),
        ),
        ("The author is a researcher in Oslo. The opinions expressed here are his own.", ()),
        (
            "The views expressed in this article are those of the author and do not necessarily reflect our position.",
            (),
        ),
        ("This article was first published in The Tern and has been shortened.", ()),
        ("First published in The Tern.", ()),
        ("Originally published in 2019, this essay has been updated.", ()),
        ("First published in May 2019, updated in November 2026.", ()),
        ("Originally published in 2019 by The Tern, which has closed.", ()),
        ("Translated from the Danish by Tom Reed.", ()),
        ("Translated from the Danish, with notes, by Tom Reed.", ()),
        ("This story is part of The Gull's series on the sea.", ()),
        ("This essay is part of a series of articles on the sea.", ()),
        ("This piece was written for The Gull.", ()),
        ("This column expresses the personal opinion of the writer.", ()),
        ("This article does not reflect the views of The Gull.", ()),
        ("Views expressed in this column are solely her own.", ()),
        ("Opinions published here do not necessarily reflect those of The Gull.", ()),
        ("What is said here does not necessarily represent the publisher of this newspaper.", ()),
        ("Disclaimer: The views and opinions expressed here are those of the writer.", ()),
    ],
)
def test_notes_are_recognized_and_introduce_their_authors(note, authors):
    assert authors_from_note(note) == authors
    if not note.startswith("Author:"):
        assert is_note(note)
        split = split_editorial([note, *BODY])
        assert split.notes == (note,)
        assert split.body == tuple(BODY)
        assert split.authors == authors


@pytest.mark.parametrize(
    "sentence",
    [
        "Editors note that nobody has read the report, which runs to four hundred pages.",
        "Note that the minister never said this.",
        "My opinion of the council has not changed in forty years.",
        "Authors of such laws should be made to live under them.",
        "The mayor is a professor of law, and it shows.",
        "The prime minister's statement reflects the contempt in which her government holds the poor.",
        "This piece of legislation represents a retreat from every position the party has held.",
        "This story is part of a national disgrace, and ministers must end it.",
        "This story is part of a series of failures, and ministers must end it.",
        "This story was written by the victors, and we must write it again.",
        "This story appears to be over, and it is not.",
        "Prices do not necessarily reflect value, and rents never did. Vote for the cap on Tuesday.",
        "First published in 1949, George Orwell’s “1984” has never felt so current.",
        "Originally published in September 1962, “Silent Spring” changed how we see the world.",
        "Translated from the Latin, “habeas corpus” means “you should have the body.”",
        "The council kept the ferry running all winter (credit where credit is due).",
        "The phrase is not mine, and I wish it were (credit: Ada Birch).",
        "Rents rose by a third while wages stood still (source: the city's own report).",
        "Rents rose by a third while wages stood still (Source: Bureau of Labor Statistics).",
        "Rents rose by a third. Wages stood still. (Source: Bureau of Labor Statistics)",
        "(Picture the outcry if a minister had said it.)",
        "(Picture Britain without it.)",
        "(Picture, if you will, a harbour without a ferry.)",
        "(Picture by picture, the album tells it.)",
        "Nobody may vote without the right piece of paper (photo ID).",
        "Nobody has to guess what is in the air. (EPA lawyers wrote the rules in 1972.)",
        "(Bloomberg never paid a cent for it.)",
        "(Pa would have laughed.)",
    ],
)
def test_sentences_of_the_piece_are_no_notes(sentence):
    assert not is_note(sentence)
    assert split_editorial([*BODY, sentence]).body == (*BODY, sentence)
    assert split_editorial([sentence, *BODY]).body == (sentence, *BODY)


def test_a_note_under_its_own_heading_is_taken_whole():
    note = "Ada Birch is a fellow at the Institute of Tides."
    split = split_editorial(["Editor's note", note, *BODY])
    assert split.notes == ("Editor's note", note)
    assert split.authors == ("Ada Birch",)


@pytest.mark.parametrize(
    "end",
    [
        ["About the author", "Ada Birch is a pilot.", "She lives in Port Amity."],
        ["About the authors", "Ada Birch is a pilot.", "Tom Reed mends nets."],
        ["Editor's note", "Ada Birch has since resigned."],
    ],
)
def test_a_note_under_its_own_heading_at_the_end_is_taken_whole(end):
    split = split_editorial([*BODY, *end, "Read more: ferries"])
    assert (split.body, split.notes) == (tuple(BODY), tuple(end))


def test_paragraphs_below_a_note_at_the_end_are_the_authors():
    paragraphs = [*BODY, "Editor's note", "Ada Birch has since resigned.", *prose(2, seed=2)]
    assert split_editorial(paragraphs).body == tuple(paragraphs)


def test_caption_note_byline_and_date_may_follow_each_other():
    head = [
        "The quay at dawn. /PNA",
        "Editor's note: Ada Birch is a pilot.",
        "By Ada Birch",
        "November 3, 2026",
    ]
    split = split_editorial([*head, *BODY])
    assert (split.captions, split.notes, split.dropped) == ((head[0],), (head[1],), tuple(head[2:]))
    assert split.body == tuple(BODY)


def test_kicker_headline_and_standfirst_above_the_byline_are_dropped():
    head = ["Debate", "The harbour is not for sale", "Why the council is wrong", "Ada Birch 9 November 2026"]
    split = split_editorial([*head, *BODY], title="The harbour is not for sale", authors=["Ada Birch"])
    assert split.dropped == tuple(head)
    assert split.body == tuple(BODY)


def test_the_biography_below_a_byline_at_the_top_is_a_note_although_it_has_the_surname_only():
    head = ["Opinion", "Guest Essay", "The harbour is not for sale", "Share full article", "By Ada Birch"]
    note = "Ms. Birch is a senior fellow at the Institute of Tides."
    title = "The harbour is not for sale"
    split = split_editorial([*head, note, *BODY], title=title, authors=["Ada Birch"])
    assert (split.body, split.notes, split.dropped) == (tuple(BODY), (note,), tuple(head))
    other = note.replace("Birch", "Reed")
    assert split_editorial([*head, other, *BODY], title=title, authors=["Ada Birch"]).body == (other, *BODY)


@pytest.mark.parametrize(
    "line",
    [
        "PUBLISHED: November 2, 2026 at 5:00 AM CST | UPDATED: November 3, 2026 at 10:12 AM CST",
        "November 2, 2026 - 9:00 pm",
        "Published: 9:30am, 2 Nov 2026",
    ],
)
def test_a_line_of_one_or_two_dates_above_the_text_is_dropped(line):
    split = split_editorial(["The harbour", line, *BODY], title="The harbour")
    assert (split.body, split.dropped) == (tuple(BODY), ("The harbour", line))


OPENING = [
    "On the morning of the vote I drove to the harbour to look at the water.",
    "It was raining, as it does, and the gulls were loud.",
    "Nobody on the council has ever lived in a rented room.",
]


@pytest.mark.parametrize(
    "line",
    ["January 6, 2021.", "Enough is enough.", "Enough is enough", "Ada Birch", "Tuesday, 4 March 2025", "—"],
)
def test_sentences_of_the_opening_above_a_line_that_looks_like_a_head_are_the_authors(line):
    paragraphs = [*OPENING, line, *BODY]
    split = split_editorial(paragraphs, title="Enough is enough", authors=["Ada Birch"])
    assert split.body == tuple(paragraphs)


def test_a_byline_below_the_first_sentences_is_dropped_alone():
    split = split_editorial([*OPENING, "By Ada Birch", *BODY])
    assert (split.body, split.dropped, split.authors) == (
        (*OPENING, *BODY),
        ("By Ada Birch",),
        ("Ada Birch",),
    )


@pytest.mark.parametrize("entry", [OPENING[:1], OPENING[:2]])
def test_the_second_date_of_a_diary_is_a_heading_of_the_text(entry):
    split = split_editorial(["Monday, 3 March 2025", *entry, "Tuesday, 4 March 2025", *BODY])
    assert split.body == (*entry, "Tuesday, 4 March 2025", *BODY)


def test_two_sentences_above_a_lone_name_are_no_standfirst():
    paragraphs = ["The council wants a cap. Should it?", "Ada Birch", *BODY]
    assert split_editorial(paragraphs, authors=["Ada Birch"]).body == tuple(paragraphs)


@pytest.mark.parametrize(
    "head",
    [
        ["The council wants a cap. It should build.", "By Ada Birch"],
        ["Enough is enough", "The council wants a cap. It should build.", "Ada Birch", "3 March 2025"],
        ["Why the council is wrong.", "Ada Birch", "3 March 2025", "Updated 4 March 2025"],
    ],
)
def test_a_standfirst_above_the_byline_is_dropped(head):
    split = split_editorial([*head, *BODY], title="Enough is enough", authors=["Ada Birch"])
    assert (split.body, split.dropped) == (tuple(BODY), tuple(head))


@pytest.mark.parametrize(
    "between",
    [
        "Story continues below advertisement",
        "Article continues after ad",
        "SKIP ADVERTISEMENT",
        "Advertisement",
        "[Read: The case against the ferry]",
        "Read more: Why the stadium will never pay for itself",
        "More:Why the stadium will never pay for itself",
        "Sign up for our free newsletter, delivered straight to your inbox.",
        "RELATED: Council votes on the quay",
        "AI-generated summary: The author wants to keep the harbour.",
        "Thanks for reading The Gull! Subscribe for free to receive new posts and support my work.",
        "The Gull is a reader-supported publication. To receive new posts, consider becoming a subscriber.",
        "Thanks for reading The Gull! This post is public so feel free to share it.",
        "This post is public, so feel free to share it.",
        "Leave a comment",
        "Subscribe now",
    ],
)
def test_links_and_advertisements_between_the_authors_paragraphs_are_dropped(between):
    split = split_editorial([*BODY, between, *BODY])
    assert (split.body, split.dropped) == ((*BODY, *BODY), (between,))


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more: it will do you good, and it will annoy the minister.",
        "More: it is the only ferry that we have.",
        "More: a tax on second homes, a cap on rents",
        "Sign up for one newsletter, and ten will come to your inbox.",
        "The story continues, and so does the harbour.",
        "Advertisement is the only honest literature of our time.",
        "AI-generated content is ruining the papers.",
        "AI-generated summary: that is what the council gave its members in place of the report.",
        "See also: the school, the library and the baths!",
        "The Gull is a reader-supported publication, and it shows in what it dares to print about the port.",
        "Thank you for reading to the end.",
        "This post is public, so feel free to share it with the minister, who blocked me.",
        "Leave a comment, the council said, and nobody read one.",
        "Update: the council has since voted against us.",
        "Local journalism is dying, and nobody who could save it will give a penny.",
    ],
)
def test_sentences_that_begin_like_boilerplate_are_the_authors(sentence):
    paragraphs = [*BODY, sentence, *BODY]
    assert split_editorial(paragraphs).body == tuple(paragraphs)


def test_an_editors_note_between_the_authors_paragraphs_is_a_note_and_names_no_author():
    note = "(Editor’s note: Tom Reed is the mayor’s secretary and disputes this.)"
    split = split_editorial([*BODY, note, *BODY])
    assert (split.body, split.notes, split.authors) == ((*BODY, *BODY), (note,), ())


@pytest.mark.parametrize(
    "below",
    [
        [
            "Have a view on this? Email letters@gull.example.",
            "Do you agree with Ada? Tell us in the comments.",
        ],
        ["Winter sale: two months for the price of one", "The ferry that never came", "A quay too far"],
        ["Our newsroom has been here since 1881, and it will be here tomorrow.", "Give what you can."],
    ],
)
def test_all_below_the_biography_at_the_end_is_dropped(below):
    biography = "Ada Birch is a teacher who has lived on Quay Street since 1991."
    split = split_editorial([*BODY, biography, *below], authors=["Ada Birch"])
    assert (split.body, split.notes, split.dropped) == (tuple(BODY), (biography,), tuple(below))


@pytest.mark.parametrize(
    "sentence",
    [
        "The views of the ferrymen, expressed in the paper last week, deserve more attention than mine.",
        "First published in 1949, the novel that everyone quotes has a lesson for the council.",
        "Ada Birch – The council should never have closed the ferry, and it knows it.",
    ],
)
def test_the_authors_last_sentences_below_one_that_looks_like_a_note_are_kept(sentence):
    end = ["They know the river.", "They know the tides, and they know who crosses.", "Listen to them."]
    paragraphs = [*BODY, sentence, *end]
    assert split_editorial(paragraphs, authors=["Ada Birch"]).body == tuple(paragraphs)


def test_paragraphs_below_a_biography_in_the_middle_are_the_authors():
    paragraphs = [*BODY, "Ada Birch is a teacher who has lived on Quay Street since 1991.", *prose(2, seed=2)]
    assert split_editorial(paragraphs, authors=["Ada Birch"]).body == tuple(paragraphs)


@pytest.mark.parametrize(
    "end",
    [
        ["Sign up for the Harbour Letter", "Essays on the city, twice a month, free for ever."],
        ["You may also like", "The ferry that never came", "A quay too far"],
        ["Do you disagree with this? Write to us and say why."],
        [
            "The Gull is committed to publishing a diversity of letters to the editor. Here are some tips.",
            "Follow The Gull on Facebook and Threads.",
        ],
        ["Independent journalism is under attack. We need your help to fight back. Donate today."],
    ],
)
def test_forms_links_and_appeals_at_the_end_are_dropped(end):
    split = split_editorial([*BODY, *end])
    assert (split.body, split.dropped) == (tuple(BODY), tuple(end))


CALLS_OF_AUTHORS = [
    "Sign up for a shift at the food bank this weekend, and see who is in the queue.",
    "Sign up for a shift at the food bank in the app.",
    "Subscribe to your local paper. It is the last witness we have left.",
    "Subscribe to your local paper today.",
    "Subscribe to no doctrine for free.",
    "Share this burden, and it becomes lighter.",
    "Related to this is the question of who pays, and nobody has answered it.",
    "More in sorrow than in anger, I will vote no.",
    "Read more history. The council has been here before, and it chose wrong.",
    "Read more stories to your children.",
    "Read more letters from the front.",
    "Follow us to the harbour on Saturday and see the queue for yourself.",
    "Follow the debate on Facebook and you will weep.",
    "Write to me in ten years and tell me I was wrong.",
    "Click here, and the state knows where you sleep.",
    "Have an opinion, and say it aloud.",
    "Do you have an opinion? Write it on your ballot.",
    "If you want to contribute to a better city, vote on Tuesday.",
    "Send a letter to your councillor before Friday.",
    "Join the debate on Tuesday at the town hall.",
    "Tell us what you think of it, minister.",
    "Read more columns by Black women.",
    "Read more opinion on the ferry, and less on the mayor.",
    "More from the same pot will not do.",
    "Follow us for more than a day and you will understand the ferry.",
    "Join the debate on social media, and you will regret it.",
    "Follow the money on social media and you will find the mayor.",
    "Sign up for the night shift. The newsletter can wait.",
    "Sign up for the union and read the newsletter that it never sent.",
    "Subscribe to the belief that a harbour can wait.",
    "Write to us with your anger and you will hear nothing.",
    "Skip to the end, and you will find the mayor richer.",
    "Comments are closed, they say, and so are minds.",
    "What do you think? Let's be honest: nobody knows what the ferry costs.",
    "What do you think? Tell the mayor on Tuesday.",
    "Send your letters to the governor, and ask for a vote before the winter.",
]


@pytest.mark.parametrize("call", CALLS_OF_AUTHORS)
def test_a_call_of_the_author_at_either_end_is_the_authors(call):
    assert split_editorial([*BODY, call]).body == (*BODY, call)
    assert split_editorial([call, *BODY]).body == (call, *BODY)


@pytest.mark.parametrize("call", CALLS_OF_AUTHORS[:6])
def test_a_call_that_is_a_link_as_a_whole_is_a_button(call):
    assert split_editorial([*BODY, call], links=[call]).dropped == (call,)
    assert split_editorial([call, *BODY], links=[call]).dropped == (call,)
    assert split_editorial([*BODY, BODY[0] + "!"], links=[BODY[0] + "!"]).dropped == ()


@pytest.mark.parametrize(
    "boilerplate",
    [
        "Sign up for The Gull's free daily newsletter.",
        "Sign up for our newsletter to keep up with the city.",
        "Sign up for the Harbour Letter",
        "Subscribe to our newsletter, and never miss a column.",
        "Subscribe to The Gull today.",
        "Get opinion pieces, letters and editorials sent directly to your inbox weekly!",
        "Be the first to know",
        "What do you think? Share your thoughts below.",
        "What do you think? Let us know in the comments.",
        "What do you think? Email letters@gull.example.",
        "If you enjoyed this story, please clap and follow me.",
        "Submit a letter, of no more than 400 words, to the editor here.",
        "Submit your letter via this form. Letters are limited to 150 words.",
        "Send your letters to letters@gull.example.",
        "Send your letter to the editor, with your full name.",
        "Read more from Gull Opinions.",
        "Subscribe now for full access.",
        "Subscribe.",
        "Share this article.",
        "Share this story on Facebook.",
        "Share this article on social media.",
        "Follow Ada Birch on Twitter: @adabirch.",
        "Follow Ada Birch on X (formerly Twitter) @adabirch",
        "Follow Ada Birch on X, formerly Twitter, @adabirch.",
        "Follow her on X, formerly Twitter: @adabirch.",
        "Follow Ada Birch on Twitter: twitter.com/adabirch",
        "Follow Ada Birch on Bluesky at @ada.bsky.social.",
        "Follow The Gull on Facebook and Twitter for more opinion.",
        "Follow us on social media.",
        "Follow us for more opinion.",
        "Read more opinion at HARBOUR TODAY.",
        "Read more columns by Ada Birch.",
        "Read more on this: Who pays for the ferry?",
        "More from Ada Birch.",
        "Sign up for the best of Opinion in your inbox.",
        "Sign up to get our columnists in your inbox every week.",
        "Sign up to First Edition, our free daily newsletter.",
        "Sign up for On Ferries, a daily guide to the news.",
        "Sign up for Gull Opinion’s daily roundup of the best commentary.",
        "Subscribe to The Gull.",
        "Subscribe to the Harbour Weekly.",
        "Write to us with your thoughts.",
        "Do you have an opinion on this? Leave it below.",
        "Comments are closed for this article, sorry.",
        "Follow the Gull Opinion section on Facebook, Instagram, TikTok and Threads.",
        "Follow her at @adabirch.",
        "Read more from our columnists.",
        "Read more about the ferry here.",
        "Read more…",
        "Related: The ferry that never came.",
        "More from The Gull",
        "Click here to read other columns.",
        "Have a view on this? Email letters@gull.example.",
        "Write to us at letters@gull.example.",
        "Send a letter to letters@gull.example.",
        "Send letters to the editor.",
        "Join the conversation in the comments.",
        "Tell us what you think in the comments.",
        "If you want to write for us, see our guidelines.",
    ],
)
def test_calls_of_the_site_are_dropped_at_either_end(boilerplate):
    assert split_editorial([*BODY, boilerplate]).dropped == (boilerplate,)
    assert split_editorial([boilerplate, *BODY]).dropped == (boilerplate,)


@pytest.mark.parametrize(
    "line",
    [
        "Ms. Birch is a senior fellow at the Institute of Tides.",
        "Dr. Birch, a former pilot, is author of “Water.”",
        "Appeared in the November 12, 2026, print edition as 'The Ferry Is a Waste of Money'.",
        "A version of this article appears in print on Nov. 12, 2026, Section A, Page 23 of the Port edition.",
        "Reach Ada Birch at x@gull.example.",
        "Contact the writer at x@gull.example or follow her on X @ada.",
        "Reach her at abirch@gull.example.",
        "She can be reached at abirch@gull.example.",
        "Her column runs on alternate Mondays.",
        "Ada Birch’s column appears every other week.",
        "This article was amended on 13 November 2026. An earlier version said that Dunkirk is in Belgium.",
        "An earlier version of this column misstated the price of a ferry.",
        "A correction was made on Nov. 13, 2026: An earlier version named the wrong ferry.",
        "This column has been updated.",
        "Distributed by Tribune Content Agency, LLC.",
        "Contact the editorial board at x@gull.example.",
        "Editorials reflect the opinion of the Editorial Board, as determined by its members.",
        "The writer is a former harbour pilot",
        "The author teaches history at Marston.",
        "The author lives in the Harbour District.",
    ],
)
def test_the_last_lines_of_printed_papers_are_notes(line):
    split = split_editorial([*BODY, line, "Advertisement"], authors=["Ada Birch"])
    assert (split.body, split.notes) == (tuple(BODY), (line,))
    more = prose(8, seed=2)
    assert line in split_editorial([*BODY, line, *more], authors=["Ada Birch"]).body


def test_the_line_below_the_biography_that_says_how_to_reach_the_author_is_a_note_too():
    end = (
        "—Ada Birch is a junior studying history. Her column runs on Mondays.",
        "Reach her at abirch@gull.example.",
    )
    split = split_editorial([*BODY, *end], authors=["Ada Birch"])
    assert (split.body, split.notes) == (tuple(BODY), end)


def test_the_copyright_line_of_an_agency_ends_with_its_number():
    line = "Copyright ©2026 Harbor & Company, Inc. All Rights Reserved. 87990cbe856818d5eddac44c7b1cdeb8"
    note = "Ms. Birch is a senior fellow at the Institute of Tides."
    split = split_editorial([*BODY, note, line], authors=["Ada Birch"])
    assert (split.body, split.notes, split.captions) == (tuple(BODY), (note,), (line,))


@pytest.mark.parametrize(
    "line",
    [
        "©2026 The Gull. Visit gull.example. Distributed by Tribune Content Agency, LLC.",
        "©2026 Gull L.P. Visit gull.example/opinion. Distributed by Tribune Content Agency, LLC.",
        "COPYRIGHT 2026 GULL.COM",
        "The Harbour Gull © 2026",
        "Copyright 2026 The Gull. All rights reserved. This material may not be published or redistributed.",
    ],
)
def test_the_copyright_line_of_a_syndicate_is_no_part_of_the_text(line):
    end = ("Ada Birch is a columnist.", line)
    split = split_editorial([*BODY, *end], authors=["Ada Birch"])
    assert (split.body, split.notes, split.captions) == (tuple(BODY), end[:1], end[1:])


@pytest.mark.parametrize(
    "line", ["Published - October 06, 2026 12:10 am IST", "First uploaded on: 06-10-2026 at 04:00 IST"]
)
def test_the_line_of_a_date_at_the_end_is_dropped_if_it_has_a_label(line):
    assert split_editorial([*BODY, line]).dropped == (line,)
    assert split_editorial([*BODY, "3 November 2026"]).body == (*BODY, "3 November 2026")


@pytest.mark.parametrize(
    "sentence",
    [
        "Ms. Reed is a senior fellow at the Institute of Tides, and she is wrong.",
        "Ms. Birch is not for sale.",
        "Birch is a wood that every carpenter knows.",
        "Reach the minister at minister@port.example, and tell her no.",
        "Write to the mayor at mayor@port.example.",
        "Reach her at minister@port.example.",
        "Her column runs on rage.",
        "Appeared in the night and gone by the morning: that is the council's promise.",
        "A version of this story appears in every town.",
        "An earlier version of this story ended at sea.",
        "This article was amended in 1971, and nobody has read it since.",
        "Distributed by lot, the berths would cost nothing.",
        "The writer is a witness, and no judge.",
        "The writer lives in hope, as we all do.",
        "Editorials reflect the views of owners, and always did.",
        "What do you think? That the mayor will read this?",
    ],
)
def test_last_sentences_that_look_like_the_last_lines_of_a_paper_are_the_authors(sentence):
    assert split_editorial([*BODY, sentence], authors=["Ada Birch"]).body == (*BODY, sentence)


def test_the_authors_text_below_a_form_is_kept():
    paragraphs = [*BODY, "Sign up for the Harbour Letter", "Essays, twice a month.", BODY[0][:200] + "."]
    assert split_editorial(paragraphs).body == tuple(paragraphs)


def test_a_short_last_sentence_below_a_call_of_the_author_is_kept():
    paragraphs = [*BODY, "Subscribe to no doctrine but this one", "Vote on Tuesday."]
    assert split_editorial(paragraphs).body == tuple(paragraphs)


def test_an_analysis_by_a_machine_at_the_end_is_dropped():
    analysis = [
        "Insights",
        "Gull Insights delivers AI-generated analysis on Voices content to offer all points of view.",
        "Viewpoint",
        "Perspectives",
        "The following AI-generated content is powered by Gulliver.",
        "The author argues that the harbour should stay.",
        "Different views on the topic",
        "Critics contend that the harbour should be sold at once.",
    ]
    biography = "Ada Birch, a pilot, lives on the quay."
    split = split_editorial([*BODY, biography, *analysis], authors=["Ada Birch"])
    assert (split.body, split.notes, split.dropped) == (tuple(BODY), (biography,), tuple(analysis))


@pytest.mark.parametrize(
    "line",
    [
        "This summary was generated by AI and reviewed by an editor.",
        "This summary was generated by AI and may contain errors.",
        "This summary was generated by AI. It was reviewed by an editor.",
        "This summary was generated by AI from the article's text and reviewed by an editor.",
        "AI-generated summary reviewed by our newsroom.",
        "Summary is AI-generated, newsroom-reviewed",
        "The summary is AI-generated, newsroom-reviewed.",
        "The key takeaways were generated with the help of AI.",
        "This summary was generated by AI and was then edited by our journalists.",
    ],
)
def test_a_summary_by_a_machine_above_the_text_is_dropped(line):
    summary = ["The quay", "By Ada Birch", "Key takeaways", "The harbour stays.", "Ferries are cheap.", line]
    split = split_editorial([*summary, *BODY], title="The quay")
    assert (split.body, split.dropped, split.authors) == (tuple(BODY), tuple(summary), ("Ada Birch",))
    below = [*BODY, line, *BODY[:2]]
    assert split_editorial(below).body == tuple(below)
    own = "This summary was made by people with no use of AI, and it was wrong."
    assert split_editorial([own, *BODY]).body == (own, *BODY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Google now delivers AI-generated summaries above every link.",
        "The following AI-generated summary appeared on top of my search:",
        "The summaries are written by AI, and no editor reads them before you do.",
        "The summary was written by AI and checked by nobody.",
        "The points are made by AI.",
        "This summary was written by AI, and it was wrong about the quay.",
    ],
)
def test_sentences_about_texts_of_machines_are_the_authors(sentence):
    for paragraphs in ([*BODY, sentence, *BODY[:2]], [BODY[0], sentence, *BODY]):
        assert split_editorial(paragraphs).body == tuple(paragraphs)


@pytest.mark.parametrize(
    "sentence",
    [
        "Correction, not punishment, should be the aim of our prisons.",
        "Clarification (which nobody on the council wanted) would have cost nothing.",
        "Update-driven phones are a burden on us all.",
    ],
)
def test_a_sentence_that_begins_with_a_word_of_notes_is_the_authors(sentence):
    assert split_editorial([sentence, *BODY]).body == (sentence, *BODY)
    assert split_editorial([*BODY, sentence]).body == (*BODY, sentence)


@pytest.mark.parametrize(
    "note",
    [
        "Correction: An earlier version named the wrong ferry.",
        "Correction, Nov. 3, 2026: An earlier version named the wrong ferry.",
        "Correction -- An earlier version named the wrong ferry.",
        "Correction (Nov. 3, 2026) An earlier version named the wrong ferry.",
        "Update (Monday, Nov. 3): An earlier version named the wrong ferry.",
        "Correction (3 November 2026): An earlier version named the wrong ferry.",
        "UPDATE - The council has since voted.",
        "(Clarification) The ferry belongs to the county.",
    ],
)
def test_a_correction_is_a_note(note):
    assert split_editorial([*BODY, note]).notes == (note,)
    assert split_editorial([note, *BODY]).notes == (note,)


def test_a_link_that_names_its_kind_is_a_teaser_between_the_paragraphs_too():
    teaser = "Opinion: The ferry that never came"
    assert split_editorial([*BODY, teaser, *BODY], links=[teaser]).dropped == (teaser,)
    assert split_editorial([*BODY, teaser, *BODY]).dropped == ()


@pytest.mark.parametrize(
    "first",
    [
        "Ada Birch is my name, and for thirty years I have mended nets.",
        "Ada Birch has a name that nobody on the council can spell.",
    ],
)
def test_a_first_sentence_that_begins_with_the_authors_name_is_no_biography(first):
    assert split_editorial([first, *BODY], authors=["Ada Birch"]).body == (first, *BODY)
    assert (
        split_editorial([*BODY, "Ada Birch is my name, and I mend nets."], authors=["Ada Birch"]).notes == ()
    )


def test_a_biography_at_the_end_is_recognized_by_the_authors_name():
    biography = "Ada Birch mends nets in Port Amity."
    split = split_editorial([*BODY, biography, "Read more: ferries"], authors=["Ada Birch"])
    assert split.notes == (biography,)
    assert split.dropped == ("Read more: ferries",)


def test_a_byline_in_the_middle_of_a_text_is_kept_in_the_body():
    paragraphs = [*BODY[:3], "By Ada Birch", *prose(8, seed=2)]
    assert split_editorial(paragraphs).body == tuple(paragraphs)


def test_captions_that_the_page_marks_are_taken_out_anywhere():
    paragraphs = [*BODY[:3], "Nets, drying", *BODY[3:]]
    split = split_editorial(paragraphs, captions=["Nets, drying"])
    assert split.captions == ("Nets, drying",)
    assert split.body == tuple(BODY)


@pytest.mark.parametrize(
    "text", ["Advertisement", "READ MORE: Ferries again", "Share this article", "5 min read", "Comments (12)"]
)
def test_buttons_and_labels_are_boilerplate(text):
    assert is_boilerplate(text)


SENTENCES_LIKE_BYLINES = [
    "By Labor Day, the harbour was empty.",
    "By Inauguration Day, it will be too late.",
    "By Christmas Eve, we will know.",
    "By West Virginia, the train was full.",
    "By George Washington, we swear it.",
    "By Election Day, the prime minister must go.",
    "By New Year, said the mayor, the ferry would be back.",
]


@pytest.mark.parametrize("sentence", SENTENCES_LIKE_BYLINES)
def test_a_sentence_that_begins_like_a_byline_is_the_authors_at_either_end(sentence):
    assert byline_names(sentence) == ()
    assert split_editorial([sentence, *BODY]).body == (sentence, *BODY)
    assert split_editorial([*BODY, sentence]).body == (*BODY, sentence)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Birch", ("Ada Birch",)),
        ("By E.J. Dionne Jr.", ("E.J. Dionne Jr.",)),
        ("By J.D. Vance", ("J.D. Vance",)),
        ("By Ada Birch, J.D. Vance and Li Wei", ("Ada Birch", "J.D. Vance", "Li Wei")),
        ("By Ada Birch, J.D. Candidate", ("Ada Birch",)),
        ("By Ada Birch, Jr., and Tom Reed, III", ("Ada Birch Jr.", "Tom Reed III")),
        ("By U.S. Law", ()),
        ("By Ada Birch, a professor of law.", ("Ada Birch",)),
        ("By Ada Birch, a retired nurse from Marston.", ("Ada Birch",)),
        ("By Ada Birch, who has lived on Quay Street since 1991.", ("Ada Birch",)),
        ("By Ada Birch, Contributor Ada Birch is a columnist.", ("Ada Birch",)),
        ("By Ada Birch, for The Star", ("Ada Birch",)),
        ("By Ada Birch, Marston | What we will do", ("Ada Birch",)),
        ("by ADA BIRCH and Li Wei, Opinion contributors", ("Ada Birch", "Li Wei")),
        ("By Ada Birch Published May 2, 2024", ("Ada Birch",)),
        ("By Ada B. and A. Q. Birch", ("Ada B.", "A. Q. Birch")),
        (
            "By Ada J.R. Birch, J. R. R. Reed and Li van der W.",
            ("Ada J.R. Birch", "J. R. R. Reed", "Li van der W."),
        ),
        ("By the time we came home it was dark.", ()),
        ("By God, he was right", ()),
        ("By Ada Birch, October 5, 2026 10:15 am", ("Ada Birch",)),
        ("By Ada Birch, she/they", ("Ada Birch",)),
        ("By Ada Birch for The Daily Mail", ("Ada Birch",)),
        ("BY ADA BIRCH FOR THE DAILY MAIL", ("Ada Birch",)),
        ("By Dr. Ada Birch at the Harbour Tribune and Li Wei for CNN", ("Ada Birch", "Li Wei")),
        ("By Ada Birch / Harbour Tribune", ("Ada Birch",)),
        ("By Standing Up for The People", ()),
        ("By Standing Firm for the Post Office", ()),
        ("By Cutting Funds for NPR", ()),
        ("By Writing Laws for Our Times", ()),
        ("By Ballots Cast in Texas", ()),
        ("By Going Big in Texas, Democrats Lost", ()),
    ],
)
def test_bylines_are_distinguished_from_sentences(line, names):
    assert byline_names(line) == names


@pytest.mark.parametrize("letters", ["A. ", "A.", "A.\n", "A. B. de "])
def test_many_initials_in_a_row_take_no_time(letters):
    with at_most(5):
        assert byline_names(f"By Ada {letters * 19}!") == ()
        assert authors_from_note(f"Ada {letters * 2_000}!") == ()
        clean_names([f"Ada {letters * 2_000}!, Li Wei"])


def test_names_are_cleaned_separated_and_returned_once():
    raw = [
        "By Dr. Ada Birch",
        "ada birch",
        "Birch, Ada",
        "https://gull.example/ada",
        "Li Wei & Tom Reed",
        "The Gull",
        "admin",
    ]
    assert clean_names(raw, outlet="The Gull") == ("Ada Birch", "Li Wei", "Tom Reed")


@pytest.mark.parametrize(
    "name",
    [
        "Editorial Board",
        "Editorial",
        "Ruth Reader",
        "Ada Letter",
        "Readers for Libraries",
        "The Letters Project",
    ],
)
def test_persons_and_boards_whose_names_have_words_of_letters_pages_stay(name):
    assert clean_names([name]) == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "Brennan Center for Justice",
        "Manhattan Institute for Policy Research",
        "Mercatus Center at George Mason University",
        "Concerned Women for America",
        "Young Americans for Freedom",
        "Jewish Voice for Peace",
        "National Campaign for The Arts",
        "American Women in Radio",
        "Institute for Fiscal Studies",
        "Partners In Health",
        "Doctors for The Tern",
        "Sophie in 't Veld",
    ],
)
def test_the_name_of_a_group_is_whole(name):
    assert clean_names([name]) == (name,)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Ada Birch | Li Wei", ("Ada Birch", "Li Wei")),
        ("Ada Birch • Li Wei", ("Ada Birch", "Li Wei")),
        ("Ada Birch | Opinion Columnist", ("Ada Birch",)),
        ("Ada Birch | Harbour Advance Media for Harbour.com", ("Ada Birch",)),
        ("Ada Birch · 5 min read", ("Ada Birch",)),
        ("Ada Birch, Li Wei & Tom Reed", ("Ada Birch", "Li Wei", "Tom Reed")),
        ("Ada Birch with Li Wei, Tom Reed", ("Ada Birch", "Li Wei", "Tom Reed")),
        ("Birch, Ada and Reed, Tom", ("Ada Birch", "Tom Reed")),
        ("ADA BIRCH Tribune News Service (TNS)", ("Ada Birch",)),
        ("Ada Birch | Tribune Content Agency", ("Ada Birch",)),
        ("Ada Birch, Los Angeles Times", ("Ada Birch",)),
        ("Ada Birch, Marston University", ("Ada Birch",)),
        ("Ada Birch The Washington Post", ("Ada Birch",)),
        ("Ada Birch for InsideSources", ("Ada Birch",)),
        ("Ada Birch Guest columnist", ("Ada Birch",)),
        ("Ada Birch, Middle East Correspondent", ("Ada Birch",)),
        ("Ada Birch Guest columnist, Harbour Policy Commentator", ("Ada Birch",)),
        ("Ada Birch Special to the Gull", ("Ada Birch",)),
        ("Ada Birch ada.birch@gull.example", ("Ada Birch",)),
        ("Ada Birch (she/her)", ("Ada Birch",)),
        ("Ada Birch Ph.D.", ("Ada Birch",)),
        ("Author Ada Birch", ("Ada Birch",)),
        ("Posted by Ada Birch", ("Ada Birch",)),
        ("Guest essay by Ada Birch", ("Ada Birch",)),
        ("Michael R. Bloomberg", ("Michael R. Bloomberg",)),
        ("Authors Guild", ("Authors Guild",)),
        ("Guest Columnist", ()),
        ("Op-Ed Contributor", ()),
    ],
)
def test_names_of_data_are_separated_by_marks_and_offices_are_no_names(raw, names):
    assert clean_names([raw]) == names


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Robert F. Kennedy, Jr.", "Robert F. Kennedy Jr."),
        ("ROBERT F. KENNEDY, JR.", "Robert F. Kennedy Jr."),
        ("John Smith, III", "John Smith III"),
        ("JOHN SMITH III", "John Smith III"),
    ],
)
def test_the_suffix_of_a_name_stays(raw, name):
    assert clean_names([raw]) == (name,)


@pytest.mark.parametrize(
    "biography",
    [
        "Ada Birch, Jr., mends nets in Port Amity.",
        "Ada Birch Jr. mends nets in Port Amity.",
        "Ada Birch, Jr., a former pilot, mends nets.",
        "Ms. Birch is a senior fellow at the Institute of Tides.",
    ],
)
def test_the_biography_of_an_author_whose_name_has_a_suffix_is_a_note(biography):
    split = split_editorial([*BODY, biography], authors=clean_names(["Ada Birch, Jr."]))
    assert (split.body, split.notes) == (tuple(BODY), (biography,))


_LINES = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=80)
        .map(str.strip)
        .filter(bool),
        st.sampled_from(
            ["By Ada Birch", "Editor's note: Ada Birch is a pilot.", "The quay. /PNA", "Advertisement", *BODY]
        ),
    ),
    max_size=20,
)


@given(_LINES)
def test_every_paragraph_goes_to_exactly_one_place_and_keeps_its_order(paragraphs):
    split = split_editorial(paragraphs, title="The quay", authors=["Ada Birch"])
    together = [*split.body, *split.notes, *split.captions, *split.dropped]
    assert sorted(together) == sorted(paragraphs)
    assert bool(split.body) == bool(paragraphs)
    remaining = iter(paragraphs)
    assert all(any(line == other for other in remaining) for line in split.body)


@pytest.mark.parametrize(
    "demand", ["recommends Ada Birch for attorney general.", "urges a yes vote on the ferry."]
)
def test_what_a_board_demands_under_its_own_name_is_a_part_of_the_text(demand: str):
    board = ["The Gull Editorial Board"]
    sentence = f"{board[0]} {demand}"
    for text in ([sentence, *BODY], [*BODY, sentence], [*BODY, sentence, "Ballots are due on Tuesday."]):
        assert split_editorial(text, authors=board).body == tuple(text)
    note = f"{board[0]} members are editorial page editor Ada Birch and four columnists."
    assert split_editorial([*BODY, note], authors=board).notes == (note,)
