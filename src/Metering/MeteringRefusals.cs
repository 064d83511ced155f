using Stipend.Kernel;

namespace Stipend.Metering;

/// <summary>Every expected "no" about usage.</summary>
public static class MeteringRefusals
{
    public static readonly Refusal ImportInvalid = new("metering.import_invalid", 422, Retryable: false,
        "Correct the rows listed, or ask to skip them; nothing of the file was booked.");

    public static readonly Refusal MapInvalid = new("metering.map_invalid", 400, Retryable: false,
        "Map columns as time=TIMESTAMP,input=ContextTokens,output=GeneratedTokens.");

    public static readonly Refusal ImportConflict = new("metering.import_conflict", 409, Retryable: true,
        "Import the file again: what is booked already will not be booked twice.");

    public static readonly Refusal IndexInvalid = new("metering.index_invalid", 400, Retryable: false,
        "Name a quarter as 2027Q1, an earlier one as its base, a buffer from 0 to 100 %, and a day in the quarter.");

    public static readonly Refusal BasketEmpty = new("metering.basket_empty", 409, Retryable: false,
        "Name a base quarter in which priced models were used.");
}
