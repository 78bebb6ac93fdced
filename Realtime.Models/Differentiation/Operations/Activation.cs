namespace Realtime.Models.Differentiation.Operations;

/// <summary>A function of each number alone.</summary>
internal enum Activation
{
    Gelu,
    Softsign,
    Relu,
}
