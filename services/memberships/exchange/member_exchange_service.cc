#include "services/memberships/exchange/member_exchange_service.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/filter/filter.h"
#include "services/memberships/exchange/import_dialogue.h"
#include "services/memberships/exchange/member_export.h"
#include "services/memberships/members/member_list_store.h"

namespace masthead::memberships {

void MemberExchangeService::Register(rpc::Service& service) {
  service.BidiStream("ImportMembers", this, &MemberExchangeService::Import);
  service.ServerStream("ExportMembers", this, &MemberExchangeService::Export);
}

absl::StatusOr<std::unique_ptr<MemberExchangeService::ImportStream>> MemberExchangeService::Import(
    const rpc::Call& call) {
  return std::make_unique<ImportDialogue>(database_, feed_, address_keys_, call);
}

absl::StatusOr<std::unique_ptr<MemberExchangeService::ExportedStream>> MemberExchangeService::Export(
    const rpc::Call&, const v1::ExportMembersRequest& request) {
  ASSIGN_OR_RETURN(filter::Filter filter, filter::Filter::Parse(request.filter(), MemberFields()));
  return std::make_unique<MemberExport>(database_, address_keys_, std::move(filter));
}

}  // namespace masthead::memberships
