#include "services/articles/exchange/import_dialogue.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/errors.h"
#include "services/articles/exchange/ghost.h"
#include "services/articles/exchange/import_store.h"
#include "services/articles/exchange/native_import.h"
#include "services/articles/exchange/ninjs.h"
#include "services/articles/exchange/wordpress.h"
#include "services/articles/exchange/wxr_reader.h"
#include "services/articles/taxonomy/contributor_store.h"
#include "services/articles/taxonomy/section_store.h"

namespace masthead::articles {
namespace {

using Request = v1::ImportArticlesRequest;

constexpr size_t kRecordsPerStatement = 500;

std::unique_ptr<RecordReader> MakeReader(Request::Format format) {
  switch (format) {
    case Request::GHOST:
      return MakeGhostReader();
    case Request::WXR:
      return MakeWxrReader();
    case Request::NINJS:
      return MakeNinjsReader();
    case Request::NATIVE:
      return MakeNativeReader();
    default:
      return nullptr;
  }
}

// What the first message says, as far as it can be told without the database.
ImportSettings ReadSettings(const Request& request, FieldViolations& violations) {
  ImportSettings settings;
  settings.request = request;
  settings.request.clear_data();
  if (MakeReader(request.format()) == nullptr) violations.Add("format", "is required, one that this server knows");
  settings.defaults.language_code = request.language_code();
  if (request.format() != Request::NATIVE) {
    CheckLanguage("language_code", settings.defaults.language_code, violations);
  }
  CheckWebUri("site_uri", request.site_uri(), /*required=*/false, violations);
  CheckWebUri("target_site_uri", request.target_site_uri(), /*required=*/false, violations);
  settings.defaults.site_uri = request.site_uri();
  if (!request.section().empty()) {
    settings.topics.section_id = ParseId("section", request.section(), "sections/*", violations);
  }
  if (!request.contributor().empty()) {
    settings.topics.contributor_id = ParseId("contributor", request.contributor(), "contributors/*", violations);
  }
  return settings;
}

bool HasSettings(const Request& request) {
  Request rest = request;
  rest.clear_data();
  return rest.ByteSizeLong() > 0;
}

}  // namespace

ImportDialogue::ImportDialogue(db::Database& database, Announcer& announcer, const HouseRules& rules,
                               const rpc::Call& call)
    : database_(database), announcer_(announcer), rules_(rules), call_(call), import_id_(ids::NewUuid()) {}

absl::Status ImportDialogue::Open(const Scope& scope, const Request& request) {
  FieldViolations violations;
  settings_ = ReadSettings(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const DefaultTopics& topics = settings_.topics;
  RETURN_IF_ERROR(database_.Read(scope, [&](db::Transaction& tx) {
    FieldViolations missing;
    if (!topics.section_id.empty() && !LoadSection(tx, topics.section_id)) missing.Add("section", "names no section");
    if (!topics.contributor_id.empty() && !LoadContributor(tx, topics.contributor_id)) {
      missing.Add("contributor", "names no contributor");
    }
    return missing.ToStatus();
  }));
  reader_ = MakeReader(request.format());
  return absl::OkStatus();
}

absl::Status ImportDialogue::Take(const Scope& scope, const Request& request) {
  if (reader_ == nullptr) {
    RETURN_IF_ERROR(Open(scope, request));
  } else if (HasSettings(request)) {
    FieldViolations violations;
    violations.Add("format", "and all other settings are only for the first message");
    return violations.ToStatus();
  }
  const absl::Status read = reader_->Read(request.data(), records_);
  if (!read.ok()) return ImportMalformed(read.message());
  return Store(scope);
}

absl::Status ImportDialogue::TakeEnd(const Scope& scope) {
  if (reader_ == nullptr) return Open(scope, Request());
  const absl::Status read = reader_->End(records_);
  if (!read.ok()) return ImportMalformed(read.message());
  RETURN_IF_ERROR(Store(scope));
  reader_ = nullptr;
  phase_ = Phase::kImporting;
  if (settings_.request.format() == Request::WXR && settings_.defaults.site_uri.empty()) {
    ASSIGN_OR_RETURN(settings_.defaults.site_uri, database_.Read(scope, [&](db::Transaction& tx) {
      return SiteOf(
          [&](const std::string& table, const std::string& key) { return LoadRecords(tx, import_id_, table, key); });
    }));
  }
  failpoint::Hit("articles.import.received");
  return absl::OkStatus();
}

absl::Status ImportDialogue::Store(const Scope& scope) {
  for (size_t start = 0; start < records_.size(); start += kRecordsPerStatement) {
    std::vector<Record> some;
    for (size_t i = start; i < records_.size() && i < start + kRecordsPerStatement; ++i) {
      some.push_back(std::move(records_[i]));
      if (some.back().table == kItems) ++items_;
    }
    RETURN_IF_ERROR(database_.Write(scope, [&](db::Transaction& tx) -> absl::Status {
      InsertRecords(tx, import_id_, stored_ + 1, some);
      return absl::OkStatus();
    }));
    stored_ += static_cast<int64_t>(some.size());
  }
  records_.clear();
  return absl::OkStatus();
}

absl::StatusOr<ImportDialogue::Next> ImportDialogue::Ask(const Scope& scope) {
  rpc::Call call = call_;
  call.scope = scope;
  switch (phase_) {
    case Phase::kTaking:
      return Next::Wait(absl::ZeroDuration());
    case Phase::kImporting:
      return ImportNext(call);
    case Phase::kRelinking:
      return RelinkNext(call);
    case Phase::kDone:
      break;
  }
  return Next::End();
}

absl::StatusOr<ImportDialogue::Next> ImportDialogue::ImportNext(const rpc::Call& call) {
  ASSIGN_OR_RETURN(const std::optional<StoredRecord> record,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadItem(tx, import_id_, seq_); }));
  if (!record.has_value()) {
    // Records do not survive a crash of the database: nobody shall take a part for the whole.
    if (imported_ != items_) return ImportInterrupted();
    phase_ = Phase::kRelinking;
    return RelinkNext(call);
  }
  v1::ImportArticlesResponse response;
  ASSIGN_OR_RETURN(*response.mutable_item(), ImportOne(call, record->json));
  seq_ = record->seq;
  ++imported_;
  if (response.item().source_id().empty()) response.mutable_item()->set_source_id(absl::StrCat("item ", imported_));
  Count(response.item().outcome());
  return Next::Message(std::move(response));
}

absl::StatusOr<v1::ImportedItem> ImportDialogue::ImportOne(const rpc::Call& call, const std::string& json) {
  v1::ImportedItem report;
  if (json.empty()) {
    Refuse(absl::ResourceExhaustedError(absl::StrCat("the item has more than ", kMaxRecordBytes, " bytes")), report);
    return report;
  }
  if (settings_.request.format() == Request::NATIVE) {
    absl::Status lookups;
    const auto lookup = [&](const std::string& table, const std::string& key) {
      auto found =
          database_.Read(call.scope, [&](db::Transaction& tx) { return LoadRecords(tx, import_id_, table, key); });
      lookups.Update(found.status());
      return found.ok() ? *std::move(found) : std::vector<std::string>();
    };
    absl::StatusOr<v1::ImportedItem> imported =
        NativeImport(database_, announcer_, settings_.request).Import(call, json, lookup);
    return lookups.ok() ? std::move(imported) : lookups;
  }
  absl::StatusOr<Item> item = database_.Read(call.scope, [&](db::Transaction& tx) { return MakeItem(tx, json); });
  if (item.ok()) return ArticleImport(database_, announcer_, rules_, settings_).Import(call, *std::move(item));
  if (!IsAboutTheItem(item.status())) return item.status();
  Refuse(item.status(), report);
  return report;
}

absl::StatusOr<Item> ImportDialogue::MakeItem(db::Transaction& tx, const std::string& json) const {
  const auto lookup = [&](const std::string& table, const std::string& key) {
    return LoadRecords(tx, import_id_, table, key);
  };
  switch (settings_.request.format()) {
    case Request::GHOST:
      return MakeGhostItem(json, settings_.defaults, lookup);
    case Request::WXR:
      return MakeWordPressItem(json, settings_.defaults, lookup);
    default:
      return MakeNinjsItem(json, settings_.defaults);
  }
}

absl::StatusOr<ImportDialogue::Next> ImportDialogue::RelinkNext(const rpc::Call& call) {
  ArticleImport import(database_, announcer_, rules_, settings_);
  if (!import.site().empty() && !settings_.request.validate_only()) {
    ASSIGN_OR_RETURN(const std::string article_id, database_.Read(call.scope, [&](db::Transaction& tx) {
      return LoadLinking(tx, import.site(), relinked_);
    }));
    if (!article_id.empty()) {
      const absl::StatusOr<bool> changed = import.Relink(call, article_id);
      if (!changed.ok() && !IsAboutTheItem(changed.status())) return changed.status();
      if (changed.value_or(false)) summary_.set_relinked(summary_.relinked() + 1);
      relinked_ = article_id;
      return Next::Wait(absl::ZeroDuration());
    }
  }
  RETURN_IF_ERROR(database_.Write(call.scope, [&](db::Transaction& tx) -> absl::Status {
    RemoveRecords(tx, import_id_);
    return absl::OkStatus();
  }));
  phase_ = Phase::kDone;
  v1::ImportArticlesResponse response;
  *response.mutable_summary() = summary_;
  return Next::Message(std::move(response));
}

void ImportDialogue::Count(v1::ImportedItem::Outcome outcome) {
  switch (outcome) {
    case v1::ImportedItem::CREATED:
      return summary_.set_created(summary_.created() + 1);
    case v1::ImportedItem::UPDATED:
      return summary_.set_updated(summary_.updated() + 1);
    case v1::ImportedItem::UNCHANGED:
      return summary_.set_unchanged(summary_.unchanged() + 1);
    case v1::ImportedItem::SKIPPED:
      return summary_.set_skipped(summary_.skipped() + 1);
    default:
      return summary_.set_refused(summary_.refused() + 1);
  }
}

}  // namespace masthead::articles
