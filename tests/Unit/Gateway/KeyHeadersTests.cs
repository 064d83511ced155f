using Guerdon.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Unit.Gateway;

public class KeyHeadersTests
{
    [Theory]
    [InlineData("Authorization: Bearer one", "one")]
    [InlineData("authorization: bearer  one ", "one")]
    [InlineData("Authorization: Basic dXNlcg==", "")] // another scheme
    [InlineData("Authorization: sk-guerdon-1", "sk-guerdon-1")] // the key without a scheme
    [InlineData("Authorization: Bearer ", "")]
    [InlineData("x-api-key:  one ", "one")]
    [InlineData("x-api-key: Bearer one", "one")] // some send the scheme in every header
    [InlineData("x-api-key: Basic", "Basic")]
    [InlineData("x-api-key: ", "")]
    [InlineData("api-key: three|x-goog-api-key: four|x-api-key: two|Authorization: Bearer one", "one two three four")]
    [InlineData("x-api-key: one|Authorization: Bearer one|api-key: other", "one other")] // each once
    [InlineData("Cookie: Bearer one", "")]
    public void Presented_Headers_AreTriedInOrder(string headers, string keys)
    {
        var dictionary = new HeaderDictionary();
        foreach (var line in headers.Split('|').Select(line => line.Split(": ", 2)))
            dictionary.Append(line[0], line[1]);
        Assert.Equal(keys, string.Join(' ', KeyHeaders.Presented(dictionary)));
    }

    [Fact]
    public void Presented_ManyKeys_StopsAtEight()
    {
        var headers = new HeaderDictionary { ["x-api-key"] = new([.. Enumerable.Range(0, 20).Select(i => $"key{i}")]) };
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"key{i}"), KeyHeaders.Presented(headers));
    }
}
