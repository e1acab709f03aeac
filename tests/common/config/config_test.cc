#include "common/config/config.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "absl/flags/flag.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

ABSL_FLAG(int, config_test_threads, 8, "How many threads.");
ABSL_FLAG(absl::Duration, config_test_patience, absl::Seconds(1), "How long to wait.");

namespace masthead::config {
namespace {

std::vector<std::string> ParseLine(std::vector<std::string> line) {
  line.insert(line.begin(), "config_test");
  std::vector<char*> arguments;
  for (std::string& argument : line) arguments.push_back(argument.data());
  return Parse(static_cast<int>(arguments.size()), arguments.data());
}

class ParseTest : public ::testing::Test {
 protected:
  ~ParseTest() override {
    unsetenv("MASTHEAD_CONFIG_TEST_THREADS");
    absl::SetFlag(&FLAGS_config_test_threads, 8);
  }
};

TEST_F(ParseTest, KeepsDefaults) {
  EXPECT_EQ(ParseLine({"migrate"}), std::vector<std::string>({"migrate"}));
  EXPECT_EQ(absl::GetFlag(FLAGS_config_test_threads), 8);
}

TEST_F(ParseTest, TakesFlagsFromTheEnvironment) {
  setenv("MASTHEAD_CONFIG_TEST_THREADS", "3", 1);
  ParseLine({});
  EXPECT_EQ(absl::GetFlag(FLAGS_config_test_threads), 3);
}

TEST_F(ParseTest, LetsTheCommandLineWin) {
  setenv("MASTHEAD_CONFIG_TEST_THREADS", "3", 1);
  ParseLine({"--config_test_threads=5"});
  EXPECT_EQ(absl::GetFlag(FLAGS_config_test_threads), 5);
}

TEST_F(ParseTest, StopsOnABadValueAndAnUnknownFlag) {
  setenv("MASTHEAD_CONFIG_TEST_THREADS", "many", 1);
  EXPECT_EXIT(ParseLine({}), ::testing::ExitedWithCode(1), "MASTHEAD_CONFIG_TEST_THREADS");
  unsetenv("MASTHEAD_CONFIG_TEST_THREADS");
  EXPECT_EXIT(ParseLine({"--config_test_thread=1"}), ::testing::ExitedWithCode(1), "config_test_thread");
  EXPECT_EXIT(ParseLine({"--config_test_patience=soon"}), ::testing::ExitedWithCode(1), "config_test_patience");
}

class ReadSecretFileTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& content, mode_t mode) {
    std::ofstream(path_) << content;
    chmod(path_.c_str(), mode);
    return path_;
  }

  const masthead::testing::TemporaryFolder folder_;
  const std::string path_ = folder_ / "secret";
};

TEST_F(ReadSecretFileTest, ReadsWithoutTheTrailingLineBreak) {
  for (const char* content : {"s3cret", "s3cret\n", "s3cret\r\n"}) {
    const absl::StatusOr<std::string> secret = ReadSecretFile(Write(content, 0600));
    ASSERT_TRUE(secret.ok());
    EXPECT_EQ(*secret, "s3cret");
  }
  EXPECT_EQ(*ReadSecretFile(Write("two\nlines\n\n", 0600)), "two\nlines\n");
}

TEST_F(ReadSecretFileTest, AdmitsThePodsGroupAndNotTheWorld) {
  EXPECT_TRUE(ReadSecretFile(Write("s3cret", 0440)).ok());
  const absl::StatusOr<std::string> secret = ReadSecretFile(Write("s3cret", 0644));
  EXPECT_EQ(secret.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(secret.status().message().find("s3cret"), std::string::npos);
}

TEST_F(ReadSecretFileTest, RefusesMissingEmptyAndHugeFiles) {
  EXPECT_EQ(ReadSecretFile(path_ + "_missing").status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(ReadSecretFile(Write("", 0600)).ok());
  EXPECT_FALSE(ReadSecretFile(Write("\n", 0600)).ok());
  EXPECT_FALSE(ReadSecretFile(Write(std::string(65537, 'x'), 0600)).ok());
  EXPECT_FALSE(ReadSecretFile("/").ok());
}

TEST_F(ReadSecretFileTest, AsksOfAPublicFileAllButToBeHidden) {
  EXPECT_EQ(*ReadPublicFile(Write("a public key\n", 0644)), "a public key");
  EXPECT_FALSE(ReadPublicFile(Write("", 0644)).ok());
  EXPECT_FALSE(ReadPublicFile(path_ + "_missing").ok());
}

}  // namespace
}  // namespace masthead::config
