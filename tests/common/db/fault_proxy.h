// A Unix socket in front of Postgres' own that loses a commit, or its answer.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace masthead::db {

class FaultProxy {
 public:
  // What the next COMMIT meets: it is cut off before the server hears of it, or after the server has answered.
  enum class Fault { kNone, kLoseCommit, kLoseAnswer };

  // `upstream` is the folder of the server's socket.
  explicit FaultProxy(const std::string& upstream);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  const std::string& folder() const { return folder_; }
  void Arm(Fault fault) { fault_ = fault; }
  int lost() const { return lost_; }

 private:
  void Accept();
  void Serve(int client);

  std::string folder_;
  const std::string upstream_;
  int listener_ = -1;
  std::atomic<Fault> fault_ = Fault::kNone;
  std::atomic<int> lost_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> sessions_;  // Of the accepting thread, until it has ended.
  std::thread accepting_;
};

}  // namespace masthead::db
