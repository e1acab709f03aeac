// What the RPCs of sections and those of tags have in common.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/paging/page_token.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/article/article.h"
#include "services/articles/errors.h"
#include "services/articles/taxonomy/announcements.h"
#include "services/articles/taxonomy/taxonomy_proto.h"
#include "services/articles/taxonomy/taxonomy_store.h"

namespace masthead::articles {

// A kind of topic, in words.
struct SectionKind {
  using Proto = v1::Section;
  static constexpr Topic::Kind kKind = Topic::Kind::kSection;
  static constexpr char kField[] = "section";
  static constexpr char kPattern[] = "sections/*";
  static std::string Name(const std::string& id) { return SectionName(id); }
  static Proto ToProto(const Topic& topic) { return ToSectionProto(topic); }
  static absl::Status NotFound(const std::string& name) { return SectionNotFound(name); }
  static absl::Status IdTaken(const std::string& name) { return SectionIdTaken(name); }
};

struct TagKind {
  using Proto = v1::Tag;
  static constexpr Topic::Kind kKind = Topic::Kind::kTag;
  static constexpr char kField[] = "tag";
  static constexpr char kPattern[] = "tags/*";
  static std::string Name(const std::string& id) { return TagName(id); }
  static Proto ToProto(const Topic& topic) { return ToTagProto(topic); }
  static absl::Status NotFound(const std::string& name) { return TagNotFound(name); }
  static absl::Status IdTaken(const std::string& name) { return TagIdTaken(name); }
};

template <typename Kind>
class Topics {
 public:
  using Proto = typename Kind::Proto;

  Topics(db::Database& database, Announcer& announcer, const paging::PageTokens& page_tokens)
      : database_(database), announcer_(announcer), page_tokens_(page_tokens) {}

  absl::StatusOr<Proto> Get(const rpc::Call& call, const std::string& name) {
    ASSIGN_OR_RETURN(const std::string id, ParseId("name", name));
    ASSIGN_OR_RETURN(const std::optional<Topic> topic,
                     database_.Read(call.scope, [&](db::Transaction& tx) { return LoadTopic(tx, Kind::kKind, id); }));
    if (!topic.has_value()) return Kind::NotFound(name);
    return Kind::ToProto(*topic);
  }

  // One page, and the token of the next.
  template <typename Request>
  absl::StatusOr<std::pair<std::vector<Topic>, std::string>> List(const rpc::Call& call, const Request& request) {
    ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
    ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
    const std::string after = keys.empty() ? "" : keys[0];
    ASSIGN_OR_RETURN(std::vector<Topic> page, database_.Read(call.scope, [&](db::Transaction& tx) {
      return LoadTopics(tx, Kind::kKind, after, limit + 1);
    }));
    std::string next;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      next = page_tokens_.Make(call.caller->principal(), request, {page.back().id});
    }
    return std::pair(std::move(page), std::move(next));
  }

  template <typename Request>
  absl::StatusOr<Proto> Create(const rpc::Call& call, const Request& request, const Proto& proto,
                               const std::string& chosen_id) {
    FieldViolations violations;
    Topic checked;
    checked.id = chosen_id.empty() ? ids::NewUuid() : chosen_id;
    if (!ids::IsResourceId(checked.id)) {
      violations.Add(absl::StrCat(Kind::kField, "_id"), "is not [a-z]([a-z0-9-]{0,61}[a-z0-9])? or a UUID");
    }
    ParseFields(proto, {kMutableFields.begin(), kMutableFields.end()}, checked);
    CheckTopic(Kind::kField, checked, violations);
    RETURN_IF_ERROR(violations.ToStatus());
    return idempotency::Mutate<Proto>(
        database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Proto> {
          Topic topic = checked;
          const TopicWrite write = InsertTopic(tx, Kind::kKind, topic);
          if (write.id_is_taken) return Kind::IdTaken(Kind::Name(topic.id));
          if (write.slug_holder_id.has_value()) return SlugTaken(topic.slug, Kind::Name(*write.slug_holder_id));
          AnnounceTopic(tx, announcer_, Kind::kKind, topic, /*created=*/true);
          change = {.resource = Kind::Name(topic.id), .revision_before = 0, .revision_after = 1};
          return Kind::ToProto(topic);
        });
  }

  template <typename Request>
  absl::StatusOr<Proto> Update(const rpc::Call& call, const Request& request, const Proto& proto) {
    ASSIGN_OR_RETURN(const std::string id, ParseId(absl::StrCat(Kind::kField, ".name"), proto.name()));
    FieldViolations violations;
    const std::set<std::string> fields =
        resource::FieldsToUpdate(request.update_mask(), proto, kMutableFields, violations);
    RETURN_IF_ERROR(violations.ToStatus());
    return idempotency::Mutate<Proto>(
        database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Proto> {
          const std::optional<Topic> before = LockTopic(tx, Kind::kKind, id);
          if (!before.has_value()) return Kind::NotFound(Kind::Name(id));
          RETURN_IF_ERROR(resource::CheckEtag(proto.etag(), before->version, Kind::Name(id)));
          Topic topic = *before;
          ParseFields(proto, fields, topic);
          FieldViolations wrong;
          CheckTopic(Kind::kField, topic, wrong);
          RETURN_IF_ERROR(wrong.ToStatus());
          change = {.resource = Kind::Name(id), .revision_before = before->version, .revision_after = before->version};
          if (SameFields(topic, *before)) return Kind::ToProto(*before);
          const TopicWrite write = SaveTopic(tx, Kind::kKind, topic);
          if (write.slug_holder_id.has_value()) return SlugTaken(topic.slug, Kind::Name(*write.slug_holder_id));
          AnnounceTopic(tx, announcer_, Kind::kKind, topic, /*created=*/false);
          change.revision_after = topic.version;
          return Kind::ToProto(topic);
        });
  }

 private:
  static constexpr int kDefaultPage = 50;
  static constexpr int kMaxPage = 200;
  static constexpr std::array<absl::string_view, 3> kMutableFields = {"display_name", "slug", "description"};

  static absl::StatusOr<std::string> ParseId(absl::string_view field, const std::string& name) {
    const std::optional<std::vector<std::string>> ids = resource::ParseName(name, Kind::kPattern);
    if (ids.has_value()) return ids->front();
    FieldViolations violations;
    violations.Add(field, absl::StrCat("is no name ", Kind::kPattern));
    return violations.ToStatus();
  }

  static void ParseFields(const Proto& proto, const std::set<std::string>& fields, Topic& topic) {
    if (fields.count("display_name") > 0) topic.display_name = proto.display_name();
    if (fields.count("slug") > 0) topic.slug = proto.slug();
    if (fields.count("description") > 0) topic.description = proto.description();
  }

  static bool SameFields(const Topic& a, const Topic& b) {
    return a.display_name == b.display_name && a.slug == b.slug && a.description == b.description;
  }

  db::Database& database_;
  Announcer& announcer_;
  const paging::PageTokens& page_tokens_;
};

}  // namespace masthead::articles
