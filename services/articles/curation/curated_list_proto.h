// Curated lists to and from the wire.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "masthead/articles/v1/curated_list.pb.h"
#include "masthead/articles/v1/curated_lists_service.pb.h"
#include "services/articles/curation/curated_list.h"
#include "services/articles/curation/front_page.h"

namespace masthead::articles {

v1::CuratedList ToProto(const CuratedList& list);
v1::CuratedListRevision ToProto(const ListRevision& revision);

// A violation for a kind that is missing or unknown.
CuratedList::Kind ParseKind(v1::CuratedList::Kind kind, FieldViolations& violations);

// Write those of `fields` from the wire.
void ParseFields(const v1::CuratedList& proto, const std::set<std::string>& fields, CuratedList& list);

// The field `slots` of a request; a violation for each name that is none, or for more than kMaxSlots.
std::vector<Slot> ParseSlots(const google::protobuf::RepeatedPtrField<v1::Slot>& protos, FieldViolations& violations);

// One list of the page: as readers have it, and as editors are shown it.
v1::ResolvedList ToResolvedProto(const ListOnPage& list, const FrontPage& page);
v1::PreviewedList ToPreviewedProto(const ListOnPage& list, const FrontPage& page);

// How an answer may be kept that shows readers the page; but for its etag.
v1::CachePolicy ToCacheProto(const FrontPage& page);

}  // namespace masthead::articles
