// A newsroom that brings archives in and takes them out.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "masthead/articles/v1/exchange_service.grpc.pb.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {

// What an import said.
struct Imported {
  std::vector<v1::ImportedItem> items;
  v1::ImportSummary summary;
  bool complete = false;  // A summary came.
  absl::Status status;

  // The items' outcomes, such as `CREATED`.
  std::vector<std::string> Outcomes() const;
};

// The file in parts of `part` bytes.
Imported ImportFile(const std::shared_ptr<grpc::Channel>& channel, const std::string& token,
                    v1::ImportArticlesRequest settings, absl::string_view file, size_t part = 1 << 20);
std::vector<v1::ExportArticlesResponse> ExportFrom(const std::shared_ptr<grpc::Channel>& channel,
                                                   const std::string& token, const v1::ExportArticlesRequest& request);

class Archives : public Newsroom {
 protected:
  // As an admin.
  Imported Import(const v1::ImportArticlesRequest& settings, absl::string_view file, size_t part = 1 << 20) {
    return ImportFile(channel_, admin_, settings, file, part);
  }
  // Ghost's format, in English, with the newsroom's section and desk as defaults, from old.example to news.example.
  static v1::ImportArticlesRequest GhostSettings();

  std::vector<v1::ExportArticlesResponse> Export(const v1::ExportArticlesRequest& request) {
    return ExportFrom(channel_, admin_, request);
  }

  v1::Article Find(const std::string& scheme, const std::string& alt_id);
};

// What grpcurl would have printed.
std::string ToJson(const std::vector<v1::ExportArticlesResponse>& archive);

// A file of Ghost's with these posts, and a user Ada who wrote them all.
std::string GhostFile(const std::vector<std::string>& posts);
// A post that is PUBLISHED since 2023-05-02T09:30:00Z.
std::string GhostPost(const std::string& id, const std::string& title, const std::string& slug, const std::string& html,
                      const std::string& more = "");

}  // namespace masthead::articles
