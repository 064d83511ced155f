using System.Buffers;
using Guerdon.Dialects.Calls;
using Guerdon.Metering.Requests;
using Guerdon.Relay.Answers;

namespace Guerdon.Gateway.Forwarding;

/// <summary>
/// Relays a stream event by event, flushing whenever the provider pauses. A caller that leaves does not end it: the
/// rest is read for its usage, within the drain's limits.
/// </summary>
internal static class StreamRelay
{
    private const int ReadBytes = 32_768;
    private const int MostUnflushedBytes = 65_536;

    public static async Task RelayAsync(
        Exchange exchange, HttpResponseMessage response, Stream upstream, CancellationToken patience)
    {
        AnswerRelay.CopyHead(exchange, response);
        exchange.Http.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would gather the events
        if (!await exchange.IsOpenedAsync())
        {
            await AnswerRelay.WithdrawAsync(exchange);
            return;
        }

        var status = (int)response.StatusCode;
        var hidesUsage = !exchange.Taken.Facts.IncludeUsageAsked;
        var isArray = response.Content.Headers.ContentType?.MediaType != "text/event-stream";
        using var relay = new SseRelay(exchange.Dialect, isArray, hidesUsage,
            reading => exchange.Settle(reading, Outcome.Answered, status)?.ToJson() ?? "null"u8.ToArray(),
            (int)Math.Min(exchange.Taken.Facts.Choices, int.MaxValue));

        var isCut = await PumpAsync(exchange, upstream, relay, status, patience);
        var writer = exchange.Http.Response.BodyWriter;
        var isEnded = isCut && exchange.IsEnded && relay.TryDropPart();
        relay.Complete(exchange.CallerLeft ? new ArrayBufferWriter<byte>() : writer, isCut);
        exchange.NoteEnd(relay.Reading, status, relay.IsSettled || (!isCut && SaidItsEnd(exchange, relay)));
        var isWhole = !isCut && relay.Reading.HasOutput;
        if (!relay.IsSettled) exchange.Settle(relay.Reading, isWhole ? Outcome.Answered : Outcome.Cut, status);
        if (exchange.CallerLeft) return;

        if (isEnded && !relay.IsSettled) writer.Write(Error(exchange, relay));
        await writer.FlushAsync(CancellationToken.None); // also where the wait is over
        if (isCut && !isEnded) exchange.Http.Abort(); // the caller must not take half an answer for a whole one
    }

    // Streams of pictures have no word for it, and an event that was too long cannot be read: neither may count as cut.
    private static bool SaidItsEnd(Exchange exchange, SseRelay relay) =>
        relay.Reading.IsFinished || relay.IsUnread || exchange.Taken.Facts.Api.Makes == Made.Pictures;

    private static byte[] Error(Exchange exchange, SseRelay relay) => exchange.Dialect.ErrorEvent(
        exchange.Taken.Facts.Api, GatewayStop.Refused(), exchange.RequestId ?? exchange.Http.TraceIdentifier,
        relay.Events);

    /// <returns>True where the stream broke off, or was no longer waited for.</returns>
    private static async Task<bool> PumpAsync(
        Exchange exchange, Stream upstream, SseRelay relay, int status, CancellationToken patience)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            return !await ReadToEndAsync(exchange, upstream, relay, buffer, status, patience);
        }
        catch (Exception e) when (AnswerRelay.IsCut(e))
        {
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>False where the provider is given up, since the caller left and the rest is long.</returns>
    private static async Task<bool> ReadToEndAsync(
        Exchange exchange, Stream upstream, SseRelay relay, byte[] buffer, int status, CancellationToken patience)
    {
        var writer = exchange.Http.Response.BodyWriter;
        var discard = default(ArrayBufferWriter<byte>);
        var unflushed = 0;
        long drained = 0;
        while (true)
        {
            exchange.AwaitProvider();
            var reading = upstream.ReadAsync(buffer, patience);
            if (unflushed > 0 && (!reading.IsCompleted || unflushed >= MostUnflushedBytes))
            {
                await exchange.FlushAsync();
                unflushed = 0;
            }

            var read = await reading;
            if (read == 0) return true;
            exchange.ResponseBytes += read;
            if (!exchange.CallerLeft)
            {
                relay.Feed(buffer.AsSpan(0, read), writer);
                if (relay.Events > 0) exchange.NoteContent(relay.Reading, status);
                unflushed += read;
                continue;
            }

            drained += read;
            if (drained > exchange.Gateway.Options.DrainBytes)
            {
                exchange.GiveUp();
                return false;
            }

            discard ??= new ArrayBufferWriter<byte>(ReadBytes);
            discard.ResetWrittenCount();
            relay.Feed(buffer.AsSpan(0, read), discard);
        }
    }
}
