// A second opinion for the tests: signed notes and tree proofs by the packages of the Go project.
// It reads one JSON object from standard input, does what its field "do" says, and writes one JSON object.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// record says that a leaf stands at Index in a tree of Size leaves. All hashes are hexadecimal.
type record struct {
	Size  int64    `json:"size"`
	Index int64    `json:"index"`
	Root  string   `json:"root"`
	Leaf  string   `json:"leaf"`
	Proof []string `json:"proof"`
}

// growth says that a tree of Old leaves is the beginning of one of New leaves.
type growth struct {
	Old     int64    `json:"old"`
	New     int64    `json:"new"`
	OldRoot string   `json:"old_root"`
	NewRoot string   `json:"new_root"`
	Proof   []string `json:"proof"`
}

type message struct {
	Do      string   `json:"do,omitempty"`
	Name    string   `json:"name,omitempty"`
	Seed    string   `json:"seed,omitempty"`
	Vkey    string   `json:"vkey,omitempty"`
	Text    string   `json:"text,omitempty"`
	Note    string   `json:"note,omitempty"`
	Sizes   []int64  `json:"sizes,omitempty"`
	Records []record `json:"records,omitempty"`
	Growths []growth `json:"growths,omitempty"`
}

func main() {
	var question, answer message
	must(json.NewDecoder(os.Stdin).Decode(&question))
	switch question.Do {
	case "sign":
		sign(question, &answer)
	case "open":
		verifier, err := note.NewVerifier(question.Vkey)
		must(err)
		opened, err := note.Open([]byte(question.Note), note.VerifierList(verifier))
		must(err)
		answer.Text = opened.Text
	case "prove":
		prove(question.Sizes, &answer)
	case "check":
		for _, r := range question.Records {
			must(tlog.CheckRecord(hashes(r.Proof), r.Size, hash(r.Root), r.Index, hash(r.Leaf)))
		}
		for _, g := range question.Growths {
			must(tlog.CheckTree(hashes(g.Proof), g.New, hash(g.NewRoot), g.Old, hash(g.OldRoot)))
		}
	default:
		must(fmt.Errorf("unknown question %q", question.Do))
	}
	must(json.NewEncoder(os.Stdout).Encode(answer))
}

func sign(question message, answer *message) {
	seed, err := hex.DecodeString(question.Seed)
	must(err)
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(question.Name, public)
	must(err)
	verifier, err := note.NewVerifier(vkey)
	must(err)
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", question.Name, verifier.KeyHash(), secret))
	must(err)
	signed, err := note.Sign(&note.Note{Text: question.Text}, signer)
	must(err)
	answer.Vkey, answer.Note = vkey, string(signed)
}

// prove gives every inclusion proof in each tree, and the growth from each size to each later one.
// Leaf i is the text "leaf i".
func prove(sizes []int64, answer *message) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			list[i] = stored[index]
		}
		return list, nil
	})
	var leaves []tlog.Hash
	for i := int64(0); i < sizes[len(sizes)-1]; i++ {
		data := []byte(fmt.Sprintf("leaf %d", i))
		added, err := tlog.StoredHashes(i, data, reader)
		must(err)
		stored = append(stored, added...)
		leaves = append(leaves, tlog.RecordHash(data))
	}
	roots := make(map[int64]string)
	for _, size := range sizes {
		root, err := tlog.TreeHash(size, reader)
		must(err)
		roots[size] = text(root)
		for index := int64(0); index < size; index++ {
			proof, err := tlog.ProveRecord(size, index, reader)
			must(err)
			answer.Records = append(answer.Records, record{size, index, roots[size], text(leaves[index]), texts(proof)})
		}
		for old, oldRoot := range roots {
			proof, err := tlog.ProveTree(size, old, reader)
			must(err)
			answer.Growths = append(answer.Growths, growth{old, size, oldRoot, roots[size], texts(proof)})
		}
	}
}

func text(h tlog.Hash) string { return hex.EncodeToString(h[:]) }

func texts(list []tlog.Hash) []string {
	out := []string{}
	for _, h := range list {
		out = append(out, text(h))
	}
	return out
}

func hash(digits string) (h tlog.Hash) {
	raw, err := hex.DecodeString(digits)
	must(err)
	if copy(h[:], raw) != len(h) {
		must(fmt.Errorf("not a hash: %q", digits))
	}
	return h
}

func hashes(list []string) (out []tlog.Hash) {
	for _, digits := range list {
		out = append(out, hash(digits))
	}
	return out
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
