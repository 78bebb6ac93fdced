using Realtime.Engine.Numerics;

namespace Realtime.Models.Training.Windows;

/// <summary>Random sequences of one seed that depend on epoch and window alone, not on the order of calls.</summary>
internal static class WindowRandom
{
    private const ulong Places = 0xAUL << 60;
    private const ulong Windows = 0xBUL << 60;

    public static PortableRandom ForPlaces(ulong seed, int epoch) => new(seed, Places ^ ((ulong)(uint)epoch << 32));

    public static PortableRandom ForWindow(ulong seed, int epoch, int index) =>
        new(seed, Windows ^ ((ulong)((uint)epoch & 0x0FFFFFFF) << 32) ^ (uint)index);

    /// <summary>Puts a list in random order (Fisher and Yates).</summary>
    public static void Shuffle<T>(this PortableRandom random, Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }
}
