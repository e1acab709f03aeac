// The Postgres that tests run against: private, empty, and gone afterwards.
#pragma once

#include <string>

namespace masthead::testing {

// The cluster of this run. MASTHEAD_TEST_CLUSTER names the folder of one that is running
// (tests/support/postgres_cluster.sh prints it) for several test binaries to share; without it the first use starts
// one, which stops when this process ends, however it ends.
class PostgresCluster {
 public:
  // Ends the process with a message if Postgres cannot be started.
  static const PostgresCluster& Get();

  // Holds the Unix socket.
  const std::string& folder() const { return folder_; }
  // As the cluster's superuser.
  std::string Dsn(const std::string& database) const;

 private:
  explicit PostgresCluster(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
};

}  // namespace masthead::testing
