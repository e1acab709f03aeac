// Contributors, sections and tags to and from the wire.
#pragma once

#include <set>
#include <string>

#include "common/base/errors.h"
#include "masthead/articles/v1/contributor.pb.h"
#include "masthead/articles/v1/section.pb.h"
#include "masthead/articles/v1/tag.pb.h"
#include "services/articles/taxonomy/taxonomy.h"

namespace masthead::articles {

v1::Contributor::Kind ToProto(Contributor::Kind kind);
v1::Contributor ToProto(const Contributor& contributor);
v1::Section ToSectionProto(const Topic& topic);
v1::Tag ToTagProto(const Topic& topic);

// A violation for a kind that is missing or unknown.
Contributor::Kind ParseKind(v1::Contributor::Kind kind, FieldViolations& violations);

}  // namespace masthead::articles
