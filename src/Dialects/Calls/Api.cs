namespace Guerdon.Dialects.Calls;

/// <summary>How a call's body brings what the model is to read.</summary>
public enum ContentForm
{
    /// <summary>An array of messages.</summary>
    Messages,

    /// <summary>A text, or an array of items; none where the provider has stored the conversation.</summary>
    Items,

    /// <summary>A text or several, or their tokens' numbers, each read by itself.</summary>
    Texts,

    /// <summary>One text.</summary>
    Prompt,
}

/// <summary>What a call makes, and what bounds it.</summary>
public enum Made
{
    /// <summary>Text up to the model's most: no cap can be sent.</summary>
    Uncapped,

    /// <summary>Text up to a cap, which is called <see cref="Api.CapName"/>.</summary>
    Capped,

    /// <summary>Pictures, each with a most of its own.</summary>
    Pictures,

    /// <summary>Nothing that is generated.</summary>
    Nothing,
}

/// <summary>One kind of call that the gateway forwards; every other path is refused.</summary>
/// <param name="dialect">Whose it is.</param>
/// <param name="name">As metrics call it; no other dialect has one of the same name.</param>
/// <param name="path">Below a provider's address, and the path that callers use; <see cref="ModelInPath"/> stands in it
/// for the model's name, where paths name the model.</param>
public sealed class Api(Dialect dialect, string name, string path)
{
    /// <summary>Stands in a path for the model's name.</summary>
    public const string ModelInPath = "{model}";

    public Dialect Dialect { get; } = dialect;

    public string Name { get; } = name;

    public string Path { get; } = path;

    /// <summary>The path, and not the body, names the model.</summary>
    public bool NamesModel { get; } = path.Contains(ModelInPath, StringComparison.Ordinal);

    /// <summary>The top-level members that <see cref="CallReader"/> knows; null where the dialect has a reader of its
    /// own.</summary>
    public NameTable<Member>? Members { get; init; }

    /// <summary>The member that has what the model is to read.</summary>
    public string ContentName { get; init; } = "messages";

    public ContentForm Content { get; init; } = ContentForm.Messages;

    public Made Makes { get; init; } = Made.Uncapped;

    /// <summary>What it calls the output cap; null where it takes none.</summary>
    public string? CapName { get; init; }

    /// <summary>The object that the cap stands in; null: the body's root.</summary>
    public string? CapParent { get; init; }

    /// <summary>The cap holds for each turn that the model takes, and not for all of them.</summary>
    public bool CapIsPerTurn { get; init; }

    /// <summary>A cap of zero means what it says: nothing is to be written. Elsewhere some take it for none.</summary>
    public bool CapMayBeZero { get; init; }

    /// <summary>Providers charge nothing for it, so it passes without a hold.</summary>
    public bool IsFree { get; init; }

    /// <summary>The standard tier's word in <c>service_tier</c>; null where a body cannot name a tier.</summary>
    public string? StandardTier { get; init; }

    /// <summary>It always answers with a stream; elsewhere the body says whether.</summary>
    public bool IsStream { get; init; }

    /// <summary>Its stream is one JSON array, an element a chunk, and no server-sent events.</summary>
    public bool IsArray { get; init; }

    /// <summary>A stream tells its usage only where <c>stream_options</c> ask for it.</summary>
    public bool MustAskForUsage { get; init; }

    /// <summary>Its answers are long and are nothing but what was asked for: vectors, pictures.</summary>
    public bool AnswersInBulk { get; init; }

    /// <summary>The provider may run tools that its <c>tools</c> name.</summary>
    public bool HostsTools { get; init; } = true;

    /// <summary>Makers that serve it beside the dialect's own, as Mistral and Alibaba do OpenAI's chat, have words of
    /// their own for thinking and a name of their own for the cap. False where all keep the dialect's words, as
    /// Alibaba's endpoint in Anthropic's format does.</summary>
    public bool DiffersByMaker { get; init; }

    /// <summary>Tools try it over a WebSocket first, and go on over HTTP where they are told to.</summary>
    public bool IsTriedBySocket { get; init; }

    public string PathOf(string model) => Path.Replace(ModelInPath, model, StringComparison.Ordinal);

    public override string ToString() => Name;
}
