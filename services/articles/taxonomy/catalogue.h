// What the RPCs of contributors, sections, tags and places have in common: Get, List, Create, Update, Delete. A Kind
// says in kinds.h what is particular to one of them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/paging/page_token.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "google/protobuf/empty.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/taxonomy/announcements.h"
#include "services/articles/taxonomy/taxonomy_proto.h"

namespace masthead::articles {

template <typename Kind>
class Catalogue {
 public:
  using Resource = typename Kind::Resource;
  using Proto = typename Kind::Proto;

  Catalogue(db::Database& database, Announcer& announcer, const paging::PageTokens& page_tokens)
      : database_(database), announcer_(announcer), page_tokens_(page_tokens) {}

  static absl::StatusOr<std::string> ParseId(absl::string_view field, const std::string& name) {
    const std::optional<std::vector<std::string>> ids =
        resource::ParseName(name, absl::StrCat(Kind::kCollection, "/*"));
    if (ids.has_value()) return ids->front();
    FieldViolations violations;
    violations.Add(field, absl::StrCat("is no name ", Kind::kCollection, "/{", Kind::kField, "}"));
    return violations.ToStatus();
  }

  static std::string Name(const std::string& id) { return absl::StrCat(Kind::kCollection, "/", id); }

  // Locked, if the etag is the current one.
  static absl::StatusOr<Resource> FindForChange(db::Transaction& tx, const std::string& id, absl::string_view etag,
                                                idempotency::Change& change) {
    std::optional<Resource> resource = Kind::Lock(tx, id);
    if (!resource.has_value()) return Kind::NotFound(Name(id));
    RETURN_IF_ERROR(resource::CheckEtag(etag, resource->version, Name(id)));
    change = {.resource = Name(id), .revision_before = resource->version, .revision_after = resource->version};
    return *std::move(resource);
  }

  template <typename Request>
  absl::StatusOr<Proto> Get(const rpc::Call& call, const Request& request) {
    ASSIGN_OR_RETURN(const std::string id, ParseId("name", request.name()));
    ASSIGN_OR_RETURN(const std::optional<Resource> found,
                     database_.Read(call.scope, [&](db::Transaction& tx) { return Kind::Load(tx, id); }));
    if (!found.has_value()) return Kind::NotFound(request.name());
    return ToProto(*found);
  }

  // Adds one page by `add`, and gives the token of the next.
  template <typename Request, typename Add>
  absl::StatusOr<std::string> List(const rpc::Call& call, const Request& request, Add&& add) {
    ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
    ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
    const std::string after = keys.empty() ? "" : keys[0];
    ASSIGN_OR_RETURN(std::vector<Resource> page, database_.Read(call.scope, [&](db::Transaction& tx) {
      return Kind::LoadPage(tx, after, limit + 1);
    }));
    const bool more = static_cast<int>(page.size()) > limit;
    if (more) page.resize(limit);
    for (const Resource& resource : page) *add() = ToProto(resource);
    return more ? page_tokens_.Make(call.caller->principal(), request, {page.back().id}) : std::string();
  }

  template <typename Request>
  absl::StatusOr<Proto> Create(const rpc::Call& call, const Request& request, const Proto& proto,
                               const std::string& chosen_id) {
    FieldViolations violations;
    Resource checked;
    checked.id = chosen_id.empty() ? ids::NewUuid() : chosen_id;
    if (!ids::IsResourceId(checked.id)) {
      violations.Add(absl::StrCat(Kind::kField, "_id"), "is not [a-z]([a-z0-9-]{0,61}[a-z0-9])? or a UUID");
    }
    ParseFields(proto, {Kind::kMutableFields.begin(), Kind::kMutableFields.end()}, checked);
    Kind::ParseImmutable(proto, checked, violations);
    Kind::Check(checked, violations);
    RETURN_IF_ERROR(violations.ToStatus());
    return idempotency::Mutate<Proto>(
        database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Proto> {
          Resource resource = checked;
          RETURN_IF_ERROR(Kind::Insert(tx, resource));
          Announce(tx, announcer_, resource, Happening::kCreated);
          change = {.resource = Name(resource.id), .revision_before = 0, .revision_after = 1};
          return ToProto(resource);
        });
  }

  template <typename Request>
  absl::StatusOr<Proto> Update(const rpc::Call& call, const Request& request, const Proto& proto) {
    ASSIGN_OR_RETURN(const std::string id, ParseId(absl::StrCat(Kind::kField, ".name"), proto.name()));
    FieldViolations violations;
    const std::set<std::string> fields =
        resource::FieldsToUpdate(request.update_mask(), proto, Kind::kMutableFields, violations);
    RETURN_IF_ERROR(violations.ToStatus());
    return idempotency::Mutate<Proto>(
        database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Proto> {
          Kind::BeforeLock(tx);
          ASSIGN_OR_RETURN(const Resource before, FindForChange(tx, id, proto.etag(), change));
          Resource resource = before;
          ParseFields(proto, fields, resource);
          FieldViolations wrong;
          Kind::Check(resource, wrong);
          RETURN_IF_ERROR(wrong.ToStatus());
          if (resource == before) return ToProto(before);
          RETURN_IF_ERROR(Kind::Save(tx, announcer_, before, resource));
          Announce(tx, announcer_, resource, Happening::kUpdated);
          change.revision_after = resource.version;
          return ToProto(resource);
        });
  }

  template <typename Request>
  absl::StatusOr<google::protobuf::Empty> Delete(const rpc::Call& call, const Request& request) {
    ASSIGN_OR_RETURN(const std::string id, ParseId("name", request.name()));
    return idempotency::Mutate<google::protobuf::Empty>(
        database_, call, request,
        [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<google::protobuf::Empty> {
          Kind::BeforeLock(tx);
          ASSIGN_OR_RETURN(const Resource resource, FindForChange(tx, id, request.etag(), change));
          RETURN_IF_ERROR(Kind::CheckUnused(tx, id));
          Kind::Remove(tx, id);
          Announce(tx, announcer_, resource, Happening::kDeleted);
          return google::protobuf::Empty();
        });
  }

 private:
  static constexpr int kDefaultPage = 50;
  static constexpr int kMaxPage = 200;

  db::Database& database_;
  Announcer& announcer_;
  const paging::PageTokens& page_tokens_;
};

}  // namespace masthead::articles
