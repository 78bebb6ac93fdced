using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Realtime.Models.Tests")]
