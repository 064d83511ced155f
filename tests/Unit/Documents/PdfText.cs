using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;

namespace Guerdon.Unit.Documents;

/// <summary>A PDF as others read it: by PdfPig, which shares no code with what writes it.</summary>
internal static class PdfText
{
    /// <summary>The pages' texts as a reader copies them, one line for each piece that was drawn.</summary>
    public static IReadOnlyList<string> Pages(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return
        [
            .. document.GetPages().Select(page => string.Concat(page.Letters.GroupBy(l => l.TextSequence)
                .Select(piece => string.Concat(piece.Select(l => l.Value)) + "\n"))),
        ];
    }

    /// <summary>The document's title.</summary>
    public static string? Title(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return document.Information.Title;
    }

    /// <summary>The document's language, and whether it says that it is tagged.</summary>
    public static (string? Language, bool IsTagged) Marks(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        var catalog = document.Structure.Catalog.CatalogDictionary;
        var marked = Find(document, catalog, "MarkInfo") is DictionaryToken marks
            && Find(document, marks, "Marked") is BooleanToken { Data: true };
        return ((Find(document, catalog, "Lang") as StringToken)?.Data, marked);
    }

    /// <summary>
    /// What the document says it is made of, an element a line, with its children set in by a blank:
    /// <c>Table</c>, <c> TR</c>, <c>  TH Column</c>. Words that are said in place of what is drawn come after a colon.
    /// </summary>
    public static IReadOnlyList<string> Tree(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        var lines = new List<string>();
        Walk(Find(document, document.Structure.Catalog.CatalogDictionary, "StructTreeRoot"), 0);
        return lines;

        void Walk(IToken? token, int depth)
        {
            if (token is ArrayToken several) foreach (var one in several.Data) Walk(Resolve(document, one), depth);
            if (token is not DictionaryToken element) return;
            if (Find(document, element, "S") is NameToken tag)
                lines.Add(new string(' ', depth++) + tag.Data + Scope(element) + Said(element));
            Walk(Find(document, element, "K"), depth);
        }

        string Scope(DictionaryToken element) =>
            Find(document, element, "A") is DictionaryToken attributes
                && Find(document, attributes, "Scope") is NameToken scope ? " " + scope.Data : "";

        string Said(DictionaryToken element) => Find(document, element, "ActualText") switch
        {
            StringToken words => ": " + words.Data,
            HexToken words => ": " + words.Data,
            _ => "",
        };
    }

    /// <summary>For each page, how many pieces of its content are tagged with an element of the tree, and whether any
    /// letter stands outside such a piece and outside an artifact.</summary>
    public static IReadOnlyList<(int Tagged, bool HasLoose)> Content(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return
        [
            .. document.GetPages().Select(page =>
            {
                var marked = page.GetMarkedContents();
                return (marked.Count(m => m.MarkedContentIdentifier >= 0),
                    marked.Sum(m => m.Letters.Count) != page.Letters.Count);
            }),
        ];
    }

    private static IToken? Find(PdfDocument document, DictionaryToken from, string key) =>
        from.TryGet(NameToken.Create(key), out var token) ? Resolve(document, token) : null;

    private static IToken Resolve(PdfDocument document, IToken token) =>
        token is IndirectReferenceToken reference ? document.Structure.GetObject(reference.Data).Data : token;
}
