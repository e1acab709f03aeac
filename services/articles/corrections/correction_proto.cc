#include "services/articles/corrections/correction_proto.h"

#include <array>

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/article/spelling_proto.h"

namespace masthead::articles {
namespace {

constexpr std::array<absl::string_view, 3> kFields = {"kind", "text", "placement"};

// Into a correction or a version of one.
template <typename Proto>
void TextToProto(const CorrectionText& said, Proto& proto) {
  proto.set_kind(EnumToProto<v1::Correction::Kind>(said.kind));
  *proto.mutable_text() = ToProto(said.text);
  proto.set_placement(EnumToProto<v1::Correction::Placement>(said.placement));
}

}  // namespace

v1::Correction ToProto(const Correction& correction) {
  v1::Correction proto;
  proto.set_name(CorrectionName(correction.article_id, correction.id));
  proto.set_etag(resource::Etag(correction.version));
  *proto.mutable_create_time() = resource::ToTimestamp(correction.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(correction.update_time);
  TextToProto(correction.said, proto);
  if (correction.withdraw_time) {
    *proto.mutable_withdraw_time() = resource::ToTimestamp(*correction.withdraw_time);
    proto.set_withdrawal_reason(correction.withdrawal_reason);
    proto.clear_text();
  }
  proto.set_article_revision(correction.article_revision);
  return proto;
}

v1::Correction ToProto(const Correction& correction, const std::vector<CorrectionVersion>& history) {
  v1::Correction proto = ToProto(correction);
  for (const CorrectionVersion& version : history) {
    v1::CorrectionVersion& added = *proto.add_history();
    TextToProto(version.said, added);
    *added.mutable_create_time() = resource::ToTimestamp(version.create_time);
  }
  return proto;
}

absl::Span<const absl::string_view> CorrectionFields() { return kFields; }

void ParseCorrectionText(const v1::Correction& proto, const std::set<std::string>& fields, CorrectionText& said,
                         FieldViolations& violations) {
  using Kind = CorrectionText::Kind;
  using Placement = CorrectionText::Placement;
  const auto writes = [&](const char* field) { return fields.count(field) > 0; };
  if (writes("kind")) {
    if (proto.kind() == v1::Correction::KIND_UNSPECIFIED) violations.Add("correction.kind", "is required");
    said.kind = ParseEnum<Kind>("correction.kind", proto.kind(), violations).value_or(Kind::kCorrection);
  }
  if (writes("text")) said.text = ParseRichText("correction.text", proto.text(), violations);
  if (writes("placement")) {
    said.placement =
        ParseEnum<Placement>("correction.placement", proto.placement(), violations).value_or(Placement::kBottom);
  }
}

}  // namespace masthead::articles
