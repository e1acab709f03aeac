#include "services/memberships/members/member_answers.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "services/memberships/members/member_proto.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"

namespace masthead::memberships {

absl::StatusOr<v1::Member> MemberAnswers::Show(const rpc::Call& call, Member member) const {
  RETURN_IF_ERROR(address_keys_.Open(member));
  return ToProto(member, SeesAddressOf(*call.caller, member.id) ? EmailView::kFull : EmailView::kMasked,
                 SeesNotes(*call.caller) ? NoteView::kShown : NoteView::kHidden);
}

absl::StatusOr<v1::Member> MemberAnswers::ShowInFull(Member member) const {
  RETURN_IF_ERROR(address_keys_.Open(member));
  return ToProto(member, EmailView::kFull, NoteView::kShown);
}

absl::StatusOr<v1::Member> MemberAnswers::Complete(const rpc::Call& call, absl::StatusOr<v1::Member> kept) const {
  if (!kept.ok()) return kept;
  const std::string id = kept->name().substr(kept->name().rfind('/') + 1);
  ASSIGN_OR_RETURN(std::optional<Member> member,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadMember(tx, id); }));
  if (!member) return kept;
  ASSIGN_OR_RETURN(v1::Member shown, Show(call, *std::move(member)));
  kept->set_email(shown.email());
  kept->set_display_name(shown.display_name());
  kept->set_note(shown.note());
  kept->mutable_custom_fields()->swap(*shown.mutable_custom_fields());
  return kept;
}

}  // namespace masthead::memberships
