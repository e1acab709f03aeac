// The parts of blocks in stored documents.
#pragma once

#include "services/articles/article/block.h"
#include "services/articles/article/document.h"

namespace masthead::articles {

template <typename Visitor, Is<Mark> Struct>
void Parts(Visitor& part, Struct& mark) {
  part("start", mark.start);
  part("end", mark.end);
  part("kind", mark.kind);
  part.UnlessEmpty("href", mark.href);
}

template <typename Visitor, Is<RichText> Struct>
void Parts(Visitor& part, Struct& rich) {
  part("text", rich.text);
  part.UnlessEmpty("marks", rich.marks);
}

template <typename Visitor, Is<FocalPoint> Struct>
void Parts(Visitor& part, Struct& point) {
  part("x", point.x);
  part("y", point.y);
}

template <typename Visitor, Is<Image> Struct>
void Parts(Visitor& part, Struct& image) {
  part("uri", image.uri);
  part("alt", image.alt);
  part("caption", image.caption);
  part("credit", image.credit);
  part("width", image.width);
  part("height", image.height);
  part.UnlessEmpty("licence", image.licence);
  part("focal_point", image.focal_point);
}

template <typename Visitor, Is<Paragraph> Struct>
void Parts(Visitor& part, Struct& paragraph) {
  part("text", paragraph.text);
}

template <typename Visitor, Is<Heading> Struct>
void Parts(Visitor& part, Struct& heading) {
  part("text", heading.text);
  part("level", heading.level);
}

template <typename Visitor, Is<Quote> Struct>
void Parts(Visitor& part, Struct& quote) {
  part("text", quote.text);
  part("attribution", quote.attribution);
}

template <typename Visitor, Is<List> Struct>
void Parts(Visitor& part, Struct& list) {
  part("items", list.items);
  part("ordered", list.ordered);
}

template <typename Visitor, Is<Divider> Struct>
void Parts(Visitor&, Struct&) {}

template <typename Visitor, Is<Embed> Struct>
void Parts(Visitor& part, Struct& embed) {
  part("uri", embed.uri);
  part("provider", embed.provider);
  part("fallback_text", embed.fallback_text);
}

template <typename Visitor, Is<PaywallMarker> Struct>
void Parts(Visitor&, Struct&) {}

template <typename Visitor, Is<Gallery> Struct>
void Parts(Visitor& part, Struct& gallery) {
  part("images", gallery.images);
  part("caption", gallery.caption);
}

template <typename Visitor, Is<Video> Struct>
void Parts(Visitor& part, Struct& video) {
  part("uri", video.uri);
  part("poster_uri", video.poster_uri);
  part("caption", video.caption);
  part("credit", video.credit);
  part("transcript", video.transcript);
}

template <typename Visitor, Is<Audio> Struct>
void Parts(Visitor& part, Struct& audio) {
  part("uri", audio.uri);
  part("title", audio.title);
  part("duration_seconds", audio.duration_seconds);
  part("credit", audio.credit);
  part("transcript", audio.transcript);
}

template <typename Visitor, Is<PullQuote> Struct>
void Parts(Visitor& part, Struct& quote) {
  part("text", quote.text);
  part("attribution", quote.attribution);
}

template <typename Visitor, Is<Table> Struct>
void Parts(Visitor& part, Struct& table) {
  part("rows", table.rows);
  part("has_header", table.has_header);
  part("caption", table.caption);
}

template <typename Visitor, Is<Code> Struct>
void Parts(Visitor& part, Struct& code) {
  part("text", code.text);
  part("language", code.language);
}

template <typename Visitor, Is<Button> Struct>
void Parts(Visitor& part, Struct& button) {
  part("text", button.text);
  part("href", button.href);
}

template <typename Visitor, Is<Callout> Struct>
void Parts(Visitor& part, Struct& callout) {
  part("text", callout.text);
  part("title", callout.title);
}

template <typename Visitor, Is<RawHtml> Struct>
void Parts(Visitor& part, Struct& raw) {
  part("html", raw.html);
}

template <typename Visitor, Is<Related> Struct>
void Parts(Visitor& part, Struct& related) {
  part("articles", related.article_ids);
}

template <typename Visitor, Is<GatedBlocks> Struct>
void Parts(Visitor& part, Struct& gate) {
  part("audience", gate.audience);
  part("plans", gate.plans);
  part("blocks", gate.blocks);
}

template <typename Visitor, Is<LiveCoverageBlock> Struct>
void Parts(Visitor& part, Struct& coverage) {
  part("live_coverage", coverage.live_coverage_id);
}

// Its kind's parts beside its name; those of an image stand in an object of their own.
void Parts(DocumentWriter& part, const Block& block);
void Parts(DocumentReader& part, Block& block);

}  // namespace masthead::articles
