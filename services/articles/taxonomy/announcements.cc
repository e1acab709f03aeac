#include "services/articles/taxonomy/announcements.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/articles/article/article.h"
#include "services/articles/taxonomy/taxonomy_proto.h"

namespace masthead::articles {
namespace {

absl::string_view Word(Happening happening) {
  switch (happening) {
    case Happening::kCreated:
      return ".created";
    case Happening::kUpdated:
      return ".updated";
    case Happening::kMerged:
      return ".merged";
    case Happening::kDeleted:
      return ".deleted";
  }
  return "";
}

template <typename Resource>
void Tell(db::Transaction& tx, Announcer& announcer, absl::string_view kind, const std::string& name,
          const Resource& resource, Happening happening, v1::Event event) {
  const int64_t version = happening == Happening::kDeleted ? resource.version + 1 : resource.version;
  announcer.Announce(tx, absl::StrCat(kind, Word(happening)), name, version, resource.update_time, std::move(event));
}

}  // namespace

void Announce(db::Transaction& tx, Announcer& announcer, const Contributor& contributor, Happening happening) {
  v1::Event event;
  v1::ContributorChanged& changed = *event.mutable_contributor_changed();
  changed.set_contributor(ContributorName(contributor.id));
  changed.set_kind(ToProto(contributor.kind));
  Tell(tx, announcer, "contributor", ContributorName(contributor.id), contributor, happening, std::move(event));
}

void Announce(db::Transaction& tx, Announcer& announcer, const Section& section, Happening happening) {
  v1::Event event;
  v1::SectionChanged& changed = *event.mutable_section_changed();
  changed.set_section(SectionName(section.id));
  changed.set_display_name(section.display_name);
  changed.set_slug(section.slug);
  changed.set_url_path(SectionUrlPath(section.path));
  Tell(tx, announcer, "section", SectionName(section.id), section, happening, std::move(event));
}

void Announce(db::Transaction& tx, Announcer& announcer, const Tag& tag, Happening happening) {
  v1::Event event;
  v1::TagChanged& changed = *event.mutable_tag_changed();
  changed.set_tag(TagName(tag.id));
  changed.set_display_name(tag.display_name);
  changed.set_slug(tag.slug);
  if (happening == Happening::kMerged) changed.set_merged_into(TagName(tag.merged_into_id));
  Tell(tx, announcer, "tag", TagName(tag.id), tag, happening, std::move(event));
}

void Announce(db::Transaction& tx, Announcer& announcer, const Place& place, Happening happening) {
  v1::Event event;
  event.mutable_place_changed()->set_place(PlaceName(place.id));
  event.mutable_place_changed()->set_display_name(place.display_name);
  Tell(tx, announcer, "place", PlaceName(place.id), place, happening, std::move(event));
}

}  // namespace masthead::articles
