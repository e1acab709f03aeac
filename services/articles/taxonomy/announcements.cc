#include "services/articles/taxonomy/announcements.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/articles/article/article.h"
#include "services/articles/taxonomy/taxonomy_proto.h"

namespace masthead::articles {

void AnnounceContributor(db::Transaction& tx, Announcer& announcer, const Contributor& contributor, bool created) {
  v1::Event event;
  const std::string name = ContributorName(contributor.id);
  event.mutable_contributor_changed()->set_contributor(name);
  event.mutable_contributor_changed()->set_kind(ToProto(contributor.kind));
  announcer.Announce(tx, created ? "contributor.created" : "contributor.updated", name, contributor.version,
                     contributor.update_time, std::move(event));
}

void AnnounceTopic(db::Transaction& tx, Announcer& announcer, Topic::Kind kind, const Topic& topic, bool created) {
  v1::Event event;
  const bool is_section = kind == Topic::Kind::kSection;
  const std::string name = is_section ? SectionName(topic.id) : TagName(topic.id);
  if (is_section) {
    event.mutable_section_changed()->set_section(name);
    event.mutable_section_changed()->set_display_name(topic.display_name);
    event.mutable_section_changed()->set_slug(topic.slug);
  } else {
    event.mutable_tag_changed()->set_tag(name);
    event.mutable_tag_changed()->set_display_name(topic.display_name);
    event.mutable_tag_changed()->set_slug(topic.slug);
  }
  const std::string type = absl::StrCat(is_section ? "section" : "tag", created ? ".created" : ".updated");
  announcer.Announce(tx, type, name, topic.version, topic.update_time, std::move(event));
}

}  // namespace masthead::articles
