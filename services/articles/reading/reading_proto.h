// What readers get, on the wire. Everything is made from what came through the gate.
#pragma once

#include <string>
#include <vector>

#include "masthead/articles/v1/reading_service.pb.h"
#include "services/articles/reading/gate.h"

namespace masthead::articles {

v1::ReadArticleResponse ToReadResponse(const GatedArticle& article);

// The answer for a path that leads to `live` by its former slug.
v1::ReadArticleResponse ToRedirectResponse(const LiveArticle& live, const std::string& former_path);

// For lists: no body.
v1::PublishedArticle ToListedProto(const GatedArticle& article);

v1::AlertContent ToAlertProto(const GatedArticle& article);

// Section, tags and contributors that an answer about the article shows.
std::vector<std::string> ShownResources(const LiveArticle& live);

}  // namespace masthead::articles
