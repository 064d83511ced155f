using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

/// <summary>Who is one and the same: by account and by person, whatever they are called.</summary>
public sealed class ActorTests
{
    private static readonly Guid Ann = Guid.NewGuid(), Bob = Guid.NewGuid(), One = Guid.NewGuid(), Two = Guid.NewGuid();

    [Fact]
    public void Is_ByAccountOrPerson_WhateverTheName()
    {
        var ann = new Actor("ann@example.com", Ann) { Account = One };
        Assert.True(ann.Is(new Actor("ann.lee@example.com", null) { Account = One })); // before it was hers
        Assert.True(ann.Is(new Actor("boss@example.com", Ann) { Account = Two }));
        Assert.True(ann.Is(Ann));
        Assert.False(ann.Is(Bob));
    }

    [Fact]
    public void Is_AddressThatWasHandedOn_IsAnother()
    {
        var now = new Actor("ann@example.com", Bob) { Account = Two };
        Assert.False(now.Is(new Actor("ann@example.com", Ann) { Account = One }));
        Assert.False(now.Is(new Actor("ann@example.com", null))); // a record without an account
        Assert.False(new Actor("ann@example.com", null) { Account = Two }.Is(Ann));
    }

    [Fact]
    public void Is_Guerdon_IsItselfAndNobodyElse()
    {
        Assert.True(Actor.Guerdon.Is(Actor.Guerdon));
        Assert.False(new Actor("Guerdon", null) { Account = One }.Is(Actor.Guerdon));
        Assert.False(Actor.Guerdon.Is(new Actor("ann@example.com", null)));
    }
}
