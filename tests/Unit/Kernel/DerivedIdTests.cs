using System.Security.Cryptography;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public class DerivedIdTests
{
    [Fact]
    public void Of_AName_IsItsHashAsAVersionEightUuid()
    {
        for (var i = 0; i < 200; i++)
        {
            var hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"name {i}")))[..32];
            var variant = "89ab"[Convert.ToInt32(hex[16..17], 16) & 3];
            Assert.Equal($"{hex[..12]}8{hex[13..16]}{variant}{hex[17..]}", $"{DerivedId.Of($"name {i}"):N}");
        }
    }
}
