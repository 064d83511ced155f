using Guerdon.People.Employees;

namespace Guerdon.Unit.People;

public class EmailAddressTests
{
    [Theory]
    [InlineData(" Ann@Example.COM ", "ann@example.com")]
    [InlineData("a@b.cd", "a@b.cd")]
    [InlineData("a@b", null)]
    [InlineData("a@b.c", null)]
    [InlineData("a b@c.de", null)]
    [InlineData("a@-b.cd", null)]
    [InlineData("a@b..cd", null)]
    [InlineData("@b.cd", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void TryRead_AText_IsAnAddressInSmallLetters(string? text, string? address)
    {
        Assert.Equal(address is not null, EmailAddress.TryRead(text, out var email));
        if (address is not null) Assert.Equal(address, email);
    }

    [Theory]
    [InlineData(64, 254, true)]
    [InlineData(65, 254, false)]
    [InlineData(64, 255, false)]
    public void TryRead_ALongAddress_IsBounded(int name, int all, bool isOne)
    {
        var labels = string.Concat(Enumerable.Repeat($"{new string('x', 60)}.", 3));
        var text = $"{new string('a', name)}@{labels}{new string('b', all - name - labels.Length - 4)}.de";
        Assert.Equal(all, text.Length);
        Assert.Equal(isOne, EmailAddress.TryRead(text, out _));
    }
}
