#include "services/articles/reading/newsletter_proto.h"

#include <string>
#include <vector>

#include "services/articles/article/content_proto.h"
#include "services/articles/article/spelling_proto.h"
#include "services/articles/reading/gate.h"
#include "services/articles/reading/reading_proto.h"
#include "services/articles/rendering/letter.h"

namespace masthead::articles {
namespace {

void AddSections(const std::vector<Block>& blocks, const HtmlOptions& related,
                 google::protobuf::RepeatedPtrField<v1::LetterSection>& sections) {
  for (const LetterSection& section : RenderLetter(blocks, related)) {
    v1::LetterSection& proto = *sections.Add();
    proto.set_html(section.html);
    proto.set_text(section.text);
    if (section.gate == nullptr) continue;
    proto.set_audience(EnumToProto<v1::Gate::Audience>(section.gate->audience));
    for (const std::string& plan : section.gate->plans) proto.add_plans(plan);
  }
}

}  // namespace

v1::NewsletterContent ToNewsletterProto(const LiveArticle& live, const HtmlOptions& related) {
  const GatedArticle open = Gate::OpenForOthers(live);
  const v1::AlertContent facts = ToAlertProto(open);
  v1::NewsletterContent proto;
  proto.set_article(facts.article());
  proto.set_revision(facts.revision());
  proto.set_headline(facts.headline());
  proto.set_dek(facts.dek());
  *proto.mutable_byline_names() = facts.byline_names();
  proto.set_url_path(facts.url_path());
  proto.set_language_code(facts.language_code());
  const Access& access = live.article.content.access;
  proto.set_level(ToProto(access.level));
  for (const std::string& plan : access.plans) proto.add_plans(plan);
  AddSections(open.visible_body(), related, *proto.mutable_preview());
  AddSections(Gate::WholeForNotifications(live), related, *proto.mutable_whole());
  return proto;
}

}  // namespace masthead::articles
