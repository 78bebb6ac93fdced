using System.Numerics;
using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <summary>
/// Cosines and sines of angles in turns, in double without fused operations and rounded to float32 at the end: absolute error below 4e-8,
/// and the same bits on every processor and system.
/// </summary>
internal static unsafe class CosSin
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turns(double* turns, int length, float* cos, float* sin)
    {
        var i = 0;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (firstCos, firstSin) = OfTurns(Vector.Load(turns + i));
            var (secondCos, secondSin) = OfTurns(Vector.Load(turns + i + Vector<double>.Count));
            Vector.Narrow(firstCos, secondCos).Store(cos + i);
            Vector.Narrow(firstSin, secondSin).Store(sin + i);
        }

        if (i < length) Last(turns + i, length - i, cos + i, sin + i);
    }

    /// <summary>Fewer than a register.</summary>
    private static void Last(double* turns, int length, float* cos, float* sin)
    {
        var room = stackalloc double[Vector<float>.Count];
        var rooms = stackalloc float[2 * Vector<float>.Count];
        new Span<double>(room, Vector<float>.Count).Clear();
        new ReadOnlySpan<double>(turns, length).CopyTo(new Span<double>(room, length));
        Turns(room, Vector<float>.Count, rooms, rooms + Vector<float>.Count);
        new ReadOnlySpan<float>(rooms, length).CopyTo(new Span<float>(cos, length));
        new ReadOnlySpan<float>(rooms + Vector<float>.Count, length).CopyTo(new Span<float>(sin, length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<double> Cos, Vector<double> Sin) OfTurns(Vector<double> turns)
    {
        // What is left of whole turns and of quarters of a turn is exact.
        var part = turns - Vector.Round(turns, MidpointRounding.ToEven);
        var quarters = Vector.Round(part * 4, MidpointRounding.ToEven);
        var f = part - quarters * 0.25;
        var u = f * f;

        // |f| <= 1/8: minimax in the absolute errors, 4.8e-11 and 1.2e-9.
        var c = Vector.Create(59.220253448046584);
        c = c * u + Vector.Create(-85.44284798477531);
        c = c * u + Vector.Create(64.93931617488245);
        c = c * u + Vector.Create(-19.739208650276947);
        c = c * u + Vector.Create(0.9999999999525815);
        var s = Vector.Create(-75.2398318519061);
        s = s * u + Vector.Create(81.5881191968481);
        s = s * u + Vector.Create(-41.34162800728025);
        s = (s * u + Vector.Create(6.283185220286517)) * f;

        // Quarters are -2, -1, 0, 1 or 2.
        var odd = Vector.Equals(Vector.Abs(quarters), Vector<double>.One);
        var opposite = Vector.Equals(Vector.Abs(quarters), Vector.Create(2.0));
        var cos = Vector.ConditionalSelect(odd, s, c);
        var sin = Vector.ConditionalSelect(odd, c, s);
        cos = Vector.ConditionalSelect(opposite | Vector.Equals(quarters, Vector<double>.One), -cos, cos);
        sin = Vector.ConditionalSelect(opposite | Vector.Equals(quarters, Vector.Create(-1.0)), -sin, sin);
        return (cos, sin);
    }
}
