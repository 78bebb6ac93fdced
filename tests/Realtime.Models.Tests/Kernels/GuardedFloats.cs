namespace Realtime.Models.Tests.Kernels;

/// <summary>
/// Numbers between two zones that nobody may touch. The zones hold NaN of one bit pattern: a kernel that reads them spoils its result, and
/// one that writes them is found by <see cref="AssertUntouched"/>.
/// </summary>
internal sealed class GuardedFloats
{
    private const int Zone = 67;
    private const uint Canary = 0x7FC5_A5A5;

    private readonly float[] _all;

    public GuardedFloats(int length)
    {
        Length = length;
        _all = new float[length + 2 * Zone];
        Array.Fill(_all, BitConverter.UInt32BitsToSingle(Canary));
        Span.Clear();
    }

    public GuardedFloats(ReadOnlySpan<float> values)
        : this(values.Length) => values.CopyTo(Span);

    public int Length { get; }

    public Span<float> Span => _all.AsSpan(Zone, Length);

    public float this[int index] => Span[index];

    /// <summary>Every number, also between rows, a canary.</summary>
    public GuardedFloats Poisoned()
    {
        Span.Fill(BitConverter.UInt32BitsToSingle(Canary));
        return this;
    }

    /// <summary>A number that <see cref="Poisoned"/> put there is still there.</summary>
    public bool IsPoison(int index) => BitConverter.SingleToUInt32Bits(Span[index]) == Canary;

    public void AssertUntouched(string what)
    {
        for (var i = 0; i < _all.Length; i++)
        {
            if (i == Zone) i += Length;
            if (BitConverter.SingleToUInt32Bits(_all[i]) != Canary) Assert.Fail($"{what}: wrote at {i - Zone} of {Length}.");
        }
    }
}
