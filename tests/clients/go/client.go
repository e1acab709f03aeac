// A newsroom's backend in Go: publishes an article and reads it, over TLS.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	articlesv1 "masthead.dev/gen/articles/v1"
	membershipsv1 "masthead.dev/gen/memberships/v1"
)

const text = "A paragraph written in Go."

func newUUID() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		log.Fatal(err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func dial(target string) *grpc.ClientConn {
	tls, err := credentials.NewClientTLSFromFile(os.Getenv("MASTHEAD_CA"), "")
	if err != nil {
		log.Fatal(err)
	}
	conn, err := grpc.Dial(target, grpc.WithTransportCredentials(tls))
	if err != nil {
		log.Fatal(err)
	}
	return conn
}

func publish(ctx context.Context, articles *grpc.ClientConn) (*articlesv1.Article, error) {
	taxonomy := articlesv1.NewTaxonomyServiceClient(articles)
	section, err := taxonomy.CreateSection(ctx, &articlesv1.CreateSectionRequest{
		Section: &articlesv1.Section{DisplayName: "Go"}, RequestId: newUUID()})
	if err != nil {
		return nil, err
	}
	desk, err := taxonomy.CreateContributor(ctx, &articlesv1.CreateContributorRequest{
		Contributor: &articlesv1.Contributor{Kind: articlesv1.Contributor_DESK, DisplayName: "The Go desk"}, RequestId: newUUID()})
	if err != nil {
		return nil, err
	}
	paragraph := &articlesv1.Paragraph{Text: &articlesv1.RichText{Text: text}}
	editing := articlesv1.NewArticlesServiceClient(articles)
	draft, err := editing.CreateArticle(ctx, &articlesv1.CreateArticleRequest{RequestId: newUUID(), Article: &articlesv1.Article{
		Headline:     "Go publishes " + newUUID(),
		LanguageCode: "en",
		Section:      section.Name,
		Bylines:      []*articlesv1.Byline{{Contributor: desk.Name}},
		Body:         []*articlesv1.Block{{Kind: &articlesv1.Block_Paragraph{Paragraph: paragraph}}},
	}})
	if err != nil {
		return nil, err
	}
	return editing.PublishArticle(ctx, &articlesv1.PublishArticleRequest{Name: draft.Name, Etag: draft.Etag, RequestId: newUUID()})
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	articles, memberships := dial(os.Getenv("MASTHEAD_ARTICLES")), dial(os.Getenv("MASTHEAD_MEMBERSHIPS"))

	token, err := membershipsv1.NewTokensServiceClient(memberships).ExchangeApiKey(ctx,
		&membershipsv1.ExchangeApiKeyRequest{ApiKey: os.Getenv("MASTHEAD_API_KEY")})
	if err != nil {
		log.Fatal(err)
	}
	published, err := publish(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token.AccessToken), articles)
	if err != nil {
		log.Fatal(err)
	}

	reading := articlesv1.NewReadingServiceClient(articles)
	answer, err := reading.ReadArticle(ctx, &articlesv1.ReadArticleRequest{
		Target: &articlesv1.ReadArticleRequest_UrlPath{UrlPath: published.UrlPath}})
	if err != nil {
		log.Fatal(err)
	}
	if !answer.Access.Granted || answer.GetArticle().Body[0].GetParagraph().Text.Text != text {
		log.Fatalf("not what was published: %v", answer)
	}
	fmt.Println("Go published and read", published.UrlPath)
}
