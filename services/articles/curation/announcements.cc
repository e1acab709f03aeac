#include "services/articles/curation/announcements.h"

#include <utility>

#include "common/resource/timestamp.h"
#include "masthead/articles/v1/events.pb.h"

namespace masthead::articles {
namespace {

void Tell(db::Transaction& tx, Announcer& announcer, const std::string& type, const CuratedList& list,
          int64_t version) {
  v1::Event event;
  v1::CuratedListChanged& changed = *event.mutable_curated_list_changed();
  changed.set_curated_list(CuratedListName(list.id));
  changed.set_display_name(list.display_name);
  if (list.next_effective_time.has_value()) {
    *changed.mutable_next_effective_time() = resource::ToTimestamp(*list.next_effective_time);
  }
  announcer.Announce(tx, type, CuratedListName(list.id), version, list.update_time, std::move(event));
}

}  // namespace

void Announce(db::Transaction& tx, Announcer& announcer, const CuratedList& list, Happening happening) {
  if (happening == Happening::kDeleted) return Tell(tx, announcer, "curated_list.deleted", list, list.version + 1);
  const bool created = happening == Happening::kCreated;
  Tell(tx, announcer, created ? "curated_list.created" : "curated_list.updated", list, list.version);
}

void AnnounceScheduled(db::Transaction& tx, Announcer& announcer, const CuratedList& list) {
  Tell(tx, announcer, "curated_list.scheduled", list, list.version);
}

}  // namespace masthead::articles
