// A newsroom that curates lists, and readers of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "masthead/articles/v1/curated_lists_service.grpc.pb.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {

class CuratedDesk : public Newsroom {
 protected:
  using Stub = v1::CuratedListsService::Stub;

  template <typename Request, typename Response>
  grpc::Status Curate(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, Response* response) {
    return Call(*curating_, method, request, response, editor_);
  }

  v1::CuratedList MakeList(const std::string& id, v1::CuratedList::Kind kind, int max_items,
                           const std::string& filter = "") {
    v1::CreateCuratedListRequest request;
    request.set_curated_list_id(id);
    request.mutable_curated_list()->set_display_name(id);
    request.mutable_curated_list()->set_kind(kind);
    request.mutable_curated_list()->set_max_items(max_items);
    request.mutable_curated_list()->set_filter(filter);
    v1::CuratedList list;
    EXPECT_THAT(Curate(&Stub::CreateCuratedList, request, &list), testing::IsOk());
    return list;
  }

  v1::CuratedList GetList(const std::string& name) {
    v1::GetCuratedListRequest request;
    request.set_name(name);
    v1::CuratedList list;
    EXPECT_THAT(Curate(&Stub::GetCuratedList, request, &list), testing::IsOk());
    return list;
  }

  // Articles with their positions; 0: in order.
  using Slots = std::vector<std::pair<v1::Article, int>>;

  template <typename Request>
  Request SlotsRequest(const std::string& name, const std::string& etag, const Slots& slots) {
    Request request;
    request.set_name(name);
    request.set_etag(etag);
    for (const auto& [article, position] : slots) {
      v1::Slot& slot = *request.add_slots();
      slot.set_article(article.name());
      slot.set_position(position);
    }
    return request;
  }

  grpc::Status TryPut(const std::string& name, const std::string& etag, const Slots& slots,
                      v1::CuratedList* list = nullptr) {
    v1::CuratedList ignored;
    return Curate(&Stub::UpdateSlots, SlotsRequest<v1::UpdateSlotsRequest>(name, etag, slots),
                  list != nullptr ? list : &ignored);
  }
  v1::CuratedList Put(const std::string& name, const Slots& slots) {
    v1::CuratedList list;
    EXPECT_THAT(TryPut(name, "*", slots, &list), testing::IsOk());
    return list;
  }

  grpc::Status TryPlan(const std::string& name, const std::string& etag, absl::Time time, const Slots& slots,
                       v1::CuratedListRevision* revision = nullptr) {
    auto request = SlotsRequest<v1::ScheduleSlotsRequest>(name, etag, slots);
    request.mutable_effective_time()->set_seconds(absl::ToUnixSeconds(time));
    v1::CuratedListRevision ignored;
    return Curate(&Stub::ScheduleSlots, request, revision != nullptr ? revision : &ignored);
  }

  v1::ReadFrontPageResponse ReadPage(const std::vector<std::string>& names, const std::string& if_none_match = "") {
    v1::ReadFrontPageRequest request;
    for (const std::string& name : names) request.add_names(name);
    request.set_if_none_match(if_none_match);
    v1::ReadFrontPageResponse response;
    EXPECT_THAT(Call(*curating_, &Stub::ReadFrontPage, request, &response, ""), testing::IsOk());
    return response;
  }

  v1::ReadCuratedListResponse ReadList(const std::string& name) {
    v1::ReadCuratedListRequest request;
    request.set_name(name);
    v1::ReadCuratedListResponse response;
    EXPECT_THAT(Call(*curating_, &Stub::ReadCuratedList, request, &response, ""), testing::IsOk());
    return response;
  }

  v1::PreviewedList Preview(const std::string& name, absl::Time time) {
    v1::GetResolvedListRequest request;
    request.set_name(name);
    request.mutable_time()->set_seconds(absl::ToUnixSeconds(time));
    v1::GetResolvedListResponse response;
    EXPECT_THAT(Curate(&Stub::GetResolvedList, request, &response), testing::IsOk());
    return response.list();
  }

  // `1 A`, `2* B` for a pin.
  static std::vector<std::string> Shown(const v1::ResolvedList& list) {
    std::vector<std::string> shown;
    for (const v1::ResolvedItem& item : list.items()) {
      shown.push_back(std::to_string(item.position()) + (item.pinned() ? "* " : " ") + item.article().headline());
    }
    return shown;
  }

  v1::Article Published(const std::string& headline) { return Publish(Create(Draft(headline))); }

  std::unique_ptr<Stub> curating_ = v1::CuratedListsService::NewStub(channel_);
};

}  // namespace masthead::articles
