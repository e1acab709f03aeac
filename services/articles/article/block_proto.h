// Blocks to and from the wire.
#pragma once

#include <string>
#include <vector>

#include "common/base/errors.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "masthead/articles/v1/block.pb.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

v1::Block ToProto(const Block& block);
v1::Image ToProto(const Image& image);
v1::RichText ToProto(const RichText& rich);

// A block without a kind, or of one that this binary does not know, adds a violation under `field`, as do unknown
// enumerators and names that are none. Limits are block_rules.h's.
std::vector<Block> ParseBlocks(absl::string_view field, const google::protobuf::RepeatedPtrField<v1::Block>& blocks,
                               FieldViolations& violations);
Image ParseImage(const v1::Image& image);
RichText ParseRichText(absl::string_view field, const v1::RichText& rich, FieldViolations& violations);

}  // namespace masthead::articles
