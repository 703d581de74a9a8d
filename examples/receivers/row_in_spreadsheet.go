// Appends a row to a CSV file for each completed answer. Standard library only.
//
//	PORT=9000 WEBHOOK_SECRET=whsec_... ROWS=answers.csv go run row_in_spreadsheet.go
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type event struct {
	Type string `json:"type"`
	Data struct {
		Response struct {
			Reference string  `json:"reference"`
			Score     int     `json:"score"`
			Comment   *string `json:"comment"`
			Page      string  `json:"page"`
			UpdatedAt string  `json:"updated_at"`
		} `json:"response"`
	} `json:"data"`
}

// Standard Webhooks: HMAC-SHA256 over "id.timestamp.body"; any of the signatures may fit.
func verified(key []byte, header http.Header, body []byte) bool {
	seconds, err := strconv.ParseInt(header.Get("webhook-timestamp"), 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-seconds)) > 300 {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", header.Get("webhook-id"), seconds, body)
	want := mac.Sum(nil)
	for _, signature := range strings.Fields(header.Get("webhook-signature")) {
		version, encoded, _ := strings.Cut(signature, ",")
		got, err := base64.StdEncoding.DecodeString(encoded)
		if version == "v1" && err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}

// What a spreadsheet would take for a formula gets an apostrophe in front.
func safe(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func main() {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil {
		log.Fatal(err)
	}
	var writing sync.Mutex
	http.HandleFunc("/", func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(answer, request.Body, 64<<10))
		if err != nil || !verified(key, request.Header, body) {
			answer.WriteHeader(http.StatusUnauthorized)
			return
		}
		var told event
		if json.Unmarshal(body, &told) == nil && told.Type == "response.completed" {
			response, comment := told.Data.Response, ""
			if response.Comment != nil {
				comment = *response.Comment
			}
			row := []string{response.UpdatedAt, response.Reference, strconv.Itoa(response.Score), safe(comment), response.Page}
			writing.Lock()
			defer writing.Unlock()
			file, err := os.OpenFile(os.Getenv("ROWS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
			if err != nil {
				answer.WriteHeader(http.StatusInternalServerError)
				return
			}
			defer file.Close()
			rows := csv.NewWriter(file)
			rows.Write(row)
			rows.Flush()
		}
		answer.WriteHeader(http.StatusNoContent)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening at http://%s/\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
