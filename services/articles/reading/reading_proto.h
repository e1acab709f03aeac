// What readers get, on the wire. Everything is made from what came through the gate.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "masthead/articles/v1/reading_service.pb.h"
#include "services/articles/reading/gate.h"
#include "services/articles/reading/path_resolution.h"

namespace masthead::articles {

// Equal for equal answers, as long as nothing is said of how they may be kept.
std::string EtagOf(const google::protobuf::Message& answer);

// But for how long it may be kept, which is told when it is given.
v1::ReadArticleResponse ToReadResponse(const GatedArticle& article);

// The part of an answer that says where the reader's meter stands.
v1::ReadArticleResponse MeterPart(const MeterReading& meter);

// For the holder of a preview link: never kept.
v1::ReadArticleResponse ToPreviewResponse(const GatedArticle& article);

v1::ResolvePathResponse ToProto(const std::string& path, const PathResolution& resolution);

// For lists: no body.
v1::PublishedArticle ToListedProto(const GatedArticle& article);

v1::AlertContent ToAlertProto(const GatedArticle& article);

// Section, tags, contributors and related articles that an answer about the article shows, or will when they are
// public.
std::vector<std::string> ShownResources(const LiveArticle& live);

}  // namespace masthead::articles
