#include "services/memberships/seats/seat_invitation.h"

#include <optional>
#include <string>

#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/plans/tier_store.h"
#include "services/memberships/seats/seat_announcements.h"
#include "services/memberships/seats/seat_store.h"

namespace masthead::memberships {
namespace {

absl::Status MailInvitation(db::Transaction& tx, const AddressKeys& address_keys, const Group& group, const Seat& seat,
                            const std::string& mailbox, const std::string& code, absl::Time now) {
  const std::optional<Tier> tier = LoadTier(tx, group.tier_id);
  std::optional<Member> owner = LoadMember(tx, group.owner_id);
  if (owner) RETURN_IF_ERROR(address_keys.Open(*owner));
  QueueMail(tx,
            {.template_id = "seat-invitation",
             .address = mailbox,
             .locale = owner ? owner->locale : "",
             .values = {{"code", code},
                        {"tier", tier ? tier->display_name : ""},
                        {"owner_name", owner ? owner->display_name : ""},
                        {"expire_time", absl::FormatTime(absl::RFC3339_sec, *seat.expire_time, absl::UTCTimeZone())}},
             .expire_time = *seat.expire_time},
            now);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Seat> InviteToSeat(db::Transaction& tx, events::Feed& feed, const AddressKeys& address_keys,
                                  const SeatCodes& codes, const Group& group, const EmailAddress& address,
                                  absl::Time now) {
  const std::string email_key = codes.EmailKeyOf(address.normal);
  const std::optional<Seat> invited = LoadSeatOfInvited(tx, group.subscription_id, email_key);
  if (!invited || StateAt(*invited, now) != Seat::State::kInvited) {
    RETURN_IF_ERROR(CheckRoom(group.seats, LoadSeatUse(tx, group.subscription_id, now).used()));
  }
  Seat seat = invited.value_or(Seat{.subscription_id = group.subscription_id,
                                    .id = ids::NewUuid(),
                                    .email_key = email_key,
                                    .masked_email = MaskEmail(address.mailbox),
                                    .invitations = 0,
                                    .create_time = now});
  ++seat.invitations;
  const std::string code = codes.CodeOf(seat, seat.invitations);
  Invite(seat, SeatCodes::HashOf(code), now);
  invited ? SaveSeat(tx, seat) : InsertSeat(tx, seat);
  RETURN_IF_ERROR(MailInvitation(tx, address_keys, group, seat, address.mailbox, code, now));
  AnnounceSeat(tx, feed, "seat.invited", group.owner_id, seat, now);
  return seat;
}

}  // namespace masthead::memberships
