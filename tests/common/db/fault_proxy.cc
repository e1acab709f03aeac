#include "tests/common/db/fault_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace masthead::db {
namespace {

constexpr int kGlanceMs = 20;

sockaddr_un Address(const std::string& folder) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder + "/.s.PGSQL.5432").c_str(), sizeof address.sun_path - 1);
  return address;
}

bool SendAll(int socket, std::string_view bytes) {
  return send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

}  // namespace

FaultProxy::FaultProxy(const std::string& upstream) : upstream_(upstream) {
  std::string folder = std::filesystem::temp_directory_path() / "masthead-proxy.XXXXXX";
  folder_ = mkdtemp(folder.data());
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(folder_);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener_, 16) != 0)
    std::abort();
  accepting_ = std::thread([this] { Accept(); });
}

FaultProxy::~FaultProxy() {
  stopping_ = true;
  accepting_.join();
  for (std::thread& session : sessions_) session.join();
  close(listener_);
  std::filesystem::remove_all(folder_);
}

void FaultProxy::Accept() {
  while (!stopping_) {
    pollfd waiting = {listener_, POLLIN, 0};
    if (poll(&waiting, 1, kGlanceMs) != 1) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) sessions_.emplace_back([this, client] { Serve(client); });
  }
}

void FaultProxy::Serve(int client) {
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(upstream_);
  bool up = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  bool lose_answer = false;
  std::array<char, 65536> buffer = {};
  while (up && !stopping_) {
    std::array<pollfd, 2> ends = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (poll(ends.data(), ends.size(), kGlanceMs) <= 0) continue;
    if (ends[0].revents != 0) {
      const ssize_t count = read(client, buffer.data(), buffer.size());
      if (count <= 0) break;
      const std::string_view bytes(buffer.data(), static_cast<size_t>(count));
      if (bytes.find("COMMIT") != std::string_view::npos) {
        const Fault fault = fault_.exchange(Fault::kNone);
        lost_ += fault != Fault::kNone ? 1 : 0;
        if (fault == Fault::kLoseCommit) break;
        lose_answer = fault == Fault::kLoseAnswer;
      }
      up = SendAll(server, bytes);
    }
    if (ends[1].revents != 0) {
      const ssize_t count = read(server, buffer.data(), buffer.size());
      if (count <= 0 || lose_answer) break;
      up = SendAll(client, std::string_view(buffer.data(), static_cast<size_t>(count)));
    }
  }
  close(client);
  close(server);
}

}  // namespace masthead::db
