#include "common/events/cursor.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/common/events/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::events {
namespace {

using ::masthead::testing::StatusIs;

const Cursor kCursor = {
    .lineage = {.epoch = "0191d2c4-0000-7000-8000-00000000abcd", .system = 0xFEDCBA9876543210u, .timeline = 7},
    .position = {.xid = 0x123456789ABCDEFu, .seq = 42}};

auto IsInvalid() { return StatusIs(absl::StatusCode::kInvalidArgument, "CURSOR_INVALID"); }

TEST(Cursor, ComesBackAsItWas) {
  const CursorCodec codec(TestKey());
  const absl::StatusOr<Cursor> read = codec.Read(codec.Make(kCursor));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->lineage, kCursor.lineage);
  EXPECT_EQ(read->position, kCursor.position);
}

TEST(Cursor, IsRefusedWithAnyCharacterChanged) {
  const CursorCodec codec(TestKey());
  const std::string token = codec.Make(kCursor);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(codec.Read(forged).status(), IsInvalid()) << i;
  }
}

TEST(Cursor, IsRefusedCutOrExtended) {
  const CursorCodec codec(TestKey());
  const std::string token = codec.Make(kCursor);
  for (size_t length = 0; length < token.size(); ++length)
    EXPECT_THAT(codec.Read(token.substr(0, length)).status(), IsInvalid());
  EXPECT_THAT(codec.Read(token + "A").status(), IsInvalid());
  EXPECT_THAT(codec.Read(token + "=").status(), IsInvalid());
  EXPECT_THAT(codec.Read(std::string(1 << 16, 'A')).status(), IsInvalid());
}

TEST(Cursor, OfAnotherKeyIsRefused) {
  EXPECT_THAT(CursorCodec(TestKey()).Read(CursorCodec(crypto::MacKey::Random()).Make(kCursor)).status(), IsInvalid());
  EXPECT_THAT(CursorCodec(TestKey()).Read(CursorCodec(TestKey().Derive("page tokens")).Make(kCursor)).status(),
              IsInvalid());
}

}  // namespace
}  // namespace masthead::events
